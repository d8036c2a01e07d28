import { ArrayMaxSize, IsIn, IsOptional, IsTimeZone } from 'class-validator';
import { Code, Command, Id, Ids, Parts, Text, Whole } from '#event-store';
import { RECYCLE_TRIGGERS } from '../../customer-record/customer/customer.events.js';
import { ENTITY_KINDS } from './pool.events.js';

const MOST_MEMBERS = 10_000;

export class DefinePool extends Command {
  @Id() readonly poolId!: string;
  @Text() readonly name!: string;
  /** Where its days begin and end; UTC when absent. */
  @IsOptional() @IsTimeZone() readonly zone?: string;
}

export class ChangePoolMembers extends Command {
  @Id() readonly poolId!: string;
  @IsOptional() @Ids(MOST_MEMBERS) readonly add?: string[];
  @IsOptional() @Ids(MOST_MEMBERS) readonly remove?: string[];
}

/** The whole policy: a limit that is absent limits nothing from then on. */
export class SetClaimPolicy extends Command {
  @Id() readonly poolId!: string;
  @IsOptional() @Whole(0) readonly dailyLimitPerRep?: number;
  @IsOptional() @Whole(0) readonly holdingCap?: number;
  @IsOptional() @Whole(0, 3650) readonly previousOwnerCoolOffDays?: number;
  @IsOptional() @Whole(0, 87_600) readonly newEntryEmbargoHours?: number;
}

class RecycleRule {
  @Code() readonly ruleId!: string;
  @IsIn(ENTITY_KINDS) readonly entityKind!: (typeof ENTITY_KINDS)[number];
  /** For customers of this level only. */
  @IsOptional() @Text(100) readonly level?: string;
  @IsIn(RECYCLE_TRIGGERS) readonly trigger!: (typeof RECYCLE_TRIGGERS)[number];
  @Whole(1, 3650) readonly days!: number;
  /** Where it goes; the pool that it came from when absent. */
  @IsOptional() @Id() readonly targetPoolId?: string;
  @Whole(0, 3650) readonly warnDaysBefore!: number;
}

/** The whole policy: all rules from then on. */
export class SetRecyclePolicy extends Command {
  @Id() readonly poolId!: string;
  @ArrayMaxSize(100) @Parts(() => RecycleRule) readonly rules!: RecycleRule[];
}

export class RetirePool extends Command {
  @Id() readonly poolId!: string;
}
