import { IsOptional } from 'class-validator';
import { Command, Day, Id, NonNegativeAmount, Part, Text } from '#event-store';

export class ListProduct extends Command {
  @Id() readonly productId!: string;
  @IsOptional() @Text(50) readonly productNumber?: string;
  @Text() readonly name!: string;
  @IsOptional() @Text() readonly series?: string;
  @IsOptional() @Part(() => NonNegativeAmount) readonly listPrice?: NonNegativeAmount;
}

export class ReviseProduct extends Command {
  @Id() readonly productId!: string;
  @IsOptional() @Text(50) readonly productNumber?: string;
  @IsOptional() @Text() readonly name?: string;
  @IsOptional() @Text() readonly series?: string;
}

export class SetPrice extends Command {
  @Id() readonly productId!: string;
  @Part(() => NonNegativeAmount) readonly price!: NonNegativeAmount;
  @IsOptional() @Day() readonly validFrom?: string;
}

export class RetireProduct extends Command {
  @Id() readonly productId!: string;
}
