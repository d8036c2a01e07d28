import { IsOptional } from 'class-validator';
import { Command, Day, Id, Text } from '#event-store';

export class HireEmployee extends Command {
  @Id() readonly employeeId!: string;
  @IsOptional() @Text(50) readonly employeeNumber?: string;
  @Text() readonly name!: string;
  @IsOptional() @Id() readonly unitId?: string;
  @IsOptional() @Id() readonly managerId?: string;
  /** Absent: unit and manager count as far back as we know. */
  @IsOptional() @Day() readonly hiredOn?: string;
}

export class AssignManager extends Command {
  @Id() readonly employeeId!: string;
  /** Absent: nobody stands above the employee from then on. */
  @IsOptional() @Id() readonly managerId?: string;
  /** Absent: the day of `occurredAt`. */
  @IsOptional() @Day() readonly effectiveOn?: string;
}

export class TransferEmployee extends Command {
  @Id() readonly employeeId!: string;
  @Id() readonly toUnitId!: string;
  /** Absent: the day of `occurredAt`. */
  @IsOptional() @Day() readonly effectiveOn?: string;
}

export class RecordDeparture extends Command {
  @Id() readonly employeeId!: string;
  /** Absent: the day of `occurredAt`. */
  @IsOptional() @Day() readonly departedOn?: string;
}
