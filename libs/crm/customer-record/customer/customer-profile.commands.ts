import { IsEmail, IsOptional } from 'class-validator';
import { Text } from '#event-store';

/** A part of commands: what tells of the person or company itself. */
export class CustomerProfile {
  @IsOptional() @Text() readonly legalName?: string;
  @IsOptional() @Text() readonly shortName?: string;
  @IsOptional() @Text(100) readonly registrationNumber?: string;
  @IsOptional() @Text(100) readonly taxNumber?: string;
  @IsOptional() @Text(200) readonly bankAccount?: string;
  @IsOptional() @Text() readonly invoiceTitle?: string;
  @IsOptional() @Text(50) readonly phone?: string;
  @IsOptional() @IsEmail() readonly email?: string;
  @IsOptional() @Text() readonly website?: string;
  @IsOptional() @Text(1000) readonly address?: string;
  @IsOptional() @Text(20) readonly postcode?: string;
  @IsOptional() @Text(10_000) readonly remarks?: string;
}
