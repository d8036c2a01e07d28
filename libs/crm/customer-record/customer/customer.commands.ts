import { ArrayMaxSize, IsBoolean, IsEmail, IsIn, IsOptional, ValidateBy } from 'class-validator';
import {
  Clearable,
  Command,
  Day,
  Id,
  Ids,
  Instant,
  InternalCommand,
  NonNegativeAmount,
  OwnNumber,
  Part,
  Text,
  Whole,
} from '#event-store';
import type { Money } from '#kernel';
import { isCurrency, money } from '#kernel';
import { FOLLOW_UP_CHANNELS, FOLLOW_UP_OUTCOMES, RETURN_REASONS } from '../../common.events.js';
import { CustomerProfile } from './customer-profile.commands.js';
import { KEY_FIELDS, RECYCLE_TRIGGERS, SHARED_CONTACTS } from './customer.events.js';

type ReturnReason = (typeof RETURN_REASONS)[number];
type RecycleTrigger = (typeof RECYCLE_TRIGGERS)[number];
type KeyField = (typeof KEY_FIELDS)[number];
type SharedContact = (typeof SHARED_CONTACTS)[number];

class CustomerClassification {
  @IsOptional() @Text(100) readonly industry?: string;
  @IsOptional() @Text(100) readonly region?: string;
  @IsOptional() @Text(100) readonly country?: string;
  @IsOptional() @Text(100) readonly city?: string;
  @IsOptional() @Text(100) readonly level?: string;
  @IsOptional() @Whole(1, 9999) readonly foundedIn?: number;
  @IsOptional() @Whole(0) readonly employeeCount?: number;
  @IsOptional() @Part(() => NonNegativeAmount) readonly annualRevenue?: NonNegativeAmount;
  @IsOptional() @Part(() => NonNegativeAmount) readonly creditLimit?: NonNegativeAmount;
}

/** The fields that may be corrected at once; one that is null loses its value. */
class OrdinaryProfile {
  @Clearable() @Text() readonly shortName?: string | null;
  @Clearable() @Text(50) readonly phone?: string | null;
  @Clearable() @IsEmail() readonly email?: string | null;
  @Clearable() @Text() readonly website?: string | null;
  @Clearable() @Text(1000) readonly address?: string | null;
  @Clearable() @Text(20) readonly postcode?: string | null;
  @Clearable() @Text(10_000) readonly remarks?: string | null;
}

class OrdinaryClassification {
  @Clearable() @Text(100) readonly industry?: string | null;
  @Clearable() @Text(100) readonly region?: string | null;
  @Clearable() @Text(100) readonly country?: string | null;
  @Clearable() @Text(100) readonly city?: string | null;
  @Clearable() @Whole(1, 9999) readonly foundedIn?: number | null;
  @Clearable() @Whole(0) readonly employeeCount?: number | null;
  @Clearable() @Part(() => NonNegativeAmount) readonly annualRevenue?: NonNegativeAmount | null;
}

const isMoney = (value: unknown): value is Money => money.problem(value) === undefined;

/** Money for a credit limit, text for every other key field. */
const KeyFieldValue = () =>
  ValidateBy({
    name: 'isKeyFieldValue',
    validator: {
      validate: (value, args) =>
        args?.object instanceof ProposeKeyFieldRevision && args.object.field === 'creditLimit'
          ? isMoney(value) && isCurrency(value.currency) && value.amount >= 0
          : typeof value === 'string' && value.trim() !== '' && value.length <= 500,
      defaultMessage: () =>
        '$property must be an amount for creditLimit, and otherwise text of 1 to 500 characters, not all of them blank',
    },
  });

export class RegisterCustomer extends Command {
  @Id() readonly customerId!: string;
  /** A number that the customer has already; absent, it is given one. */
  @IsOptional() @OwnNumber() readonly customerNumber?: string;
  @IsOptional() @IsIn(['company', 'person']) readonly partyType?: 'company' | 'person';
  @Part(() => CustomerProfile) readonly profile!: CustomerProfile;
  @IsOptional() @Part(() => CustomerClassification) readonly classification?: CustomerClassification;
  @IsOptional() @Id() readonly parentId?: string;
  @IsOptional() @Id() readonly leadId?: string;
  @IsOptional() @Text(100) readonly source?: string;
  @IsOptional() @Id() readonly poolId?: string;
  /** Contacts that others share: they need not be the customer's own. */
  @IsOptional() @ArrayMaxSize(2) @IsIn(SHARED_CONTACTS, { each: true }) readonly nonIdentifying?: SharedContact[];
}

export class ClaimCustomer extends Command {
  @Id() readonly customerId!: string;
  @Id() readonly claimantId!: string;
}

export class AssignCustomer extends Command {
  @Id() readonly customerId!: string;
  @Id() readonly assigneeId!: string;
  /** A manager of the assignee gives more than the cap allows, with a reason. */
  @IsOptional() @IsBoolean() readonly overrideHoldingCap?: boolean;
}

export class TransferCustomer extends Command {
  @Id() readonly customerId!: string;
  @Id() readonly toOwner!: string;
  @IsOptional() @IsBoolean() readonly reassignFollowUps?: boolean;
  /** A manager of the new owner gives more than the cap allows, with a reason. */
  @IsOptional() @IsBoolean() readonly overrideHoldingCap?: boolean;
}

export class ReturnCustomer extends Command {
  @Id() readonly customerId!: string;
  @IsIn(RETURN_REASONS) readonly reasonCode!: ReturnReason;
  @IsOptional() @Id() readonly targetPoolId?: string;
}

/** Given before a follow-up is recorded, so that it meets a recycle on the stream of the customer itself. */
export class NoteCustomerActivity extends InternalCommand {
  @Id() readonly customerId!: string;
  @Id() readonly followUpId!: string;
  @IsIn(FOLLOW_UP_CHANNELS) readonly channel!: (typeof FOLLOW_UP_CHANNELS)[number];
  @IsIn(FOLLOW_UP_OUTCOMES) readonly outcome!: (typeof FOLLOW_UP_OUTCOMES)[number];
}

/** The policy gives it when the rule of the pool says so. */
export class WarnOfCustomerRecycle extends InternalCommand {
  @Id() readonly customerId!: string;
}

/** Under a pool's policy the policy decides; without one, the fields say what is held against the owner. */
export class RecycleCustomer extends Command {
  @Id() readonly customerId!: string;
  @IsIn(RECYCLE_TRIGGERS) readonly trigger!: RecycleTrigger;
  @IsOptional() @Whole(1) readonly thresholdDays?: number;
  @IsOptional() @Instant() readonly lastQualifyingActivityAt?: string;
  @IsOptional() @Ids(1000) readonly openOpportunityIds?: string[];
  @IsOptional() @Day() readonly lastContractEnd?: string;
  @IsOptional() @Id() readonly targetPoolId?: string;
  @IsOptional() @Id() readonly ruleId?: string;
  @IsOptional() @Whole(1) readonly policyVersion?: number;
  @IsOptional() @Instant() readonly warnedAt?: string;
}

export class CorrectCustomerProfile extends Command {
  @Id() readonly customerId!: string;
  @IsOptional() @Part(() => OrdinaryProfile) readonly profile?: OrdinaryProfile;
  @IsOptional() @Part(() => OrdinaryClassification) readonly classification?: OrdinaryClassification;
  /** Contacts that others share: they need not be the customer's own. */
  @IsOptional() @ArrayMaxSize(2) @IsIn(SHARED_CONTACTS, { each: true }) readonly nonIdentifying?: SharedContact[];
}

export class ProposeKeyFieldRevision extends Command {
  @Id() readonly customerId!: string;
  @Id() readonly proposalId!: string;
  @IsIn(KEY_FIELDS) readonly field!: KeyField;
  /** Absent: the field is to lose its value. */
  @IsOptional() @KeyFieldValue() readonly value?: string | NonNegativeAmount;
  /** The revision of the customer that the proposer had before their eyes. */
  @Whole(0) readonly basedOnRevision!: number;
}

export class ApproveKeyFieldRevision extends Command {
  @Id() readonly customerId!: string;
  @Id() readonly proposalId!: string;
}

export class RejectKeyFieldRevision extends Command {
  @Id() readonly customerId!: string;
  @Id() readonly proposalId!: string;
}

export class WithdrawKeyFieldRevision extends Command {
  @Id() readonly customerId!: string;
  @Id() readonly proposalId!: string;
}
