import { ArrayMaxSize, IsBoolean, IsEmail, IsIn, IsOptional } from 'class-validator';
import {
  Code,
  Command,
  Day,
  Id,
  Instant,
  InternalCommand,
  NonNegativeAmount,
  OwnNumber,
  Part,
  Parts,
  Text,
  Whole,
} from '#event-store';
import { FOLLOW_UP_CHANNELS, FOLLOW_UP_OUTCOMES, RETURN_REASONS } from '../../common.events.js';
import { CustomerProfile } from '../../customer-record/customer/customer-profile.commands.js';
import { SHARED_CONTACTS } from '../../customer-record/customer/customer.events.js';

type ReturnReason = (typeof RETURN_REASONS)[number];
type SharedContact = (typeof SHARED_CONTACTS)[number];

class LeadProfile {
  @IsOptional() @Text() readonly name?: string;
  @IsOptional() @Text() readonly company?: string;
  @IsOptional() @Text(50) readonly phone?: string;
  @IsOptional() @IsEmail() readonly email?: string;
  @IsOptional() @Text(10_000) readonly note?: string;
}

/** The chance to sell that comes with the customer. */
class OpportunityToOpen {
  @Id() readonly opportunityId!: string;
  @Id() readonly processId!: string;
  @IsOptional() @Id() readonly productId?: string;
  @IsOptional() @Part(() => NonNegativeAmount) readonly amount?: NonNegativeAmount;
  @IsOptional() @Day() readonly expectedClose?: string;
}

class QualificationCriterion {
  @Code() readonly criterionId!: string;
  @Text() readonly evidence!: string;
}

export class CaptureLead extends Command {
  @Id() readonly leadId!: string;
  /** A number that the lead has already; absent, it is given one. */
  @IsOptional() @OwnNumber() readonly leadNumber?: string;
  @IsOptional() @Text(100) readonly source?: string;
  @IsOptional() @Id() readonly campaignId?: string;
  @IsOptional() @Text(500) readonly landingPage?: string;
  @IsOptional() @Id() readonly poolId?: string;
  @IsOptional() @Part(() => LeadProfile) readonly profile?: LeadProfile;
  @IsOptional() @Instant() readonly submittedAt?: string;
}

export class ClaimLead extends Command {
  @Id() readonly leadId!: string;
  /** Who takes it; the actor when absent. */
  @IsOptional() @Id() readonly claimantId?: string;
}

export class AssignLead extends Command {
  @Id() readonly leadId!: string;
  @Id() readonly assigneeId!: string;
  /** A manager of the assignee gives more than the cap allows, with a reason. */
  @IsOptional() @IsBoolean() readonly overrideHoldingCap?: boolean;
}

export class TransferLead extends Command {
  @Id() readonly leadId!: string;
  @Id() readonly toOwner!: string;
  @IsOptional() @IsBoolean() readonly reassignFollowUps?: boolean;
  /** A manager of the new owner gives more than the cap allows, with a reason. */
  @IsOptional() @IsBoolean() readonly overrideHoldingCap?: boolean;
}

export class ReturnLead extends Command {
  @Id() readonly leadId!: string;
  @IsIn(RETURN_REASONS) readonly reasonCode!: ReturnReason;
  @IsOptional() @Id() readonly targetPoolId?: string;
}

/** Given before a follow-up is recorded, so that it meets a recycle on the stream of the lead itself. */
export class NoteLeadActivity extends InternalCommand {
  @Id() readonly leadId!: string;
  @Id() readonly followUpId!: string;
  @IsIn(FOLLOW_UP_CHANNELS) readonly channel!: (typeof FOLLOW_UP_CHANNELS)[number];
  @IsIn(FOLLOW_UP_OUTCOMES) readonly outcome!: (typeof FOLLOW_UP_OUTCOMES)[number];
}

/** The policy gives it when the rule of the pool says so. */
export class WarnOfLeadRecycle extends InternalCommand {
  @Id() readonly leadId!: string;
}

/** Under a pool's policy the policy decides; without one, the fields say what is held against the owner. */
export class RecycleLead extends Command {
  @Id() readonly leadId!: string;
  @IsOptional() @Whole(1) readonly thresholdDays?: number;
  @IsOptional() @Instant() readonly lastQualifyingActivityAt?: string;
  @IsOptional() @Id() readonly targetPoolId?: string;
  @IsOptional() @Id() readonly ruleId?: string;
  @IsOptional() @Whole(1) readonly policyVersion?: number;
  @IsOptional() @Instant() readonly warnedAt?: string;
}

export class QualifyLead extends Command {
  @Id() readonly leadId!: string;
  @IsOptional() @ArrayMaxSize(100) @Parts(() => QualificationCriterion) readonly criteria?: QualificationCriterion[];
}

export class DisqualifyLead extends Command {
  @Id() readonly leadId!: string;
  @IsIn(RETURN_REASONS) readonly reasonCode!: ReturnReason;
}

export class ReopenLead extends Command {
  @Id() readonly leadId!: string;
}

/** A customer of its own is registered for the lead, given to its owner, and the lead is converted. */
export class RequestLeadConversion extends Command {
  @Id() readonly leadId!: string;
  /** The id that the new customer gets. */
  @Id() readonly customerId!: string;
  /** A company where the lead names one, unless given. */
  @IsOptional() @IsIn(['company', 'person']) readonly partyType?: 'company' | 'person';
  /** What the lead does not tell of the customer, or tells otherwise. */
  @IsOptional() @Part(() => CustomerProfile) readonly profile?: CustomerProfile;
  /** Contacts that others share: they need not be the customer's own. */
  @IsOptional() @ArrayMaxSize(2) @IsIn(SHARED_CONTACTS, { each: true }) readonly nonIdentifying?: SharedContact[];
  /** The pool of the lead, unless given. */
  @IsOptional() @Id() readonly poolId?: string;
  @IsOptional() @Part(() => OpportunityToOpen) readonly opportunity?: OpportunityToOpen;
  @IsOptional() @IsBoolean() readonly carryFollowUps?: boolean;
}

/** The policy gives it when the customer cannot be registered. */
export class DeclineLeadConversion extends InternalCommand {
  @Id() readonly leadId!: string;
  @Id() readonly customerId!: string;
  @Code() readonly refusal!: string;
  @IsOptional() @Code() readonly identityKind?: string;
  @IsOptional() @Id() readonly holderId?: string;
}

/** Links the lead to a customer that is there; with `matchedExisting`, to one that was there before, and a reason. */
export class ConvertLead extends Command {
  @Id() readonly leadId!: string;
  @Id() readonly customerId!: string;
  @IsOptional() @Id() readonly contactId?: string;
  @IsOptional() @Id() readonly opportunityId?: string;
  @IsOptional() @IsBoolean() readonly carryFollowUps?: boolean;
  @IsOptional() @IsBoolean() readonly matchedExisting?: boolean;
}

/** The policy gives it when another record can be reached by the same phone or e-mail. */
export class SuspectLeadDuplicate extends InternalCommand {
  @Id() readonly leadId!: string;
  /** The other record: `lead:3f2c…` or `customer:3f2c…`. */
  @Code() readonly of!: string;
  @Code() readonly identityId!: string;
}

/** The policy gives it when one of the two can be reached by it no more, or is closed. */
export class ClearLeadDuplicate extends SuspectLeadDuplicate {}

/** They are not the same; the reason is mandatory. */
export class DismissLeadDuplicate extends Command {
  @Id() readonly leadId!: string;
  @Code() readonly of!: string;
}

export class CorrectLeadProfile extends Command {
  @Id() readonly leadId!: string;
  @Part(() => LeadProfile) readonly profile!: LeadProfile;
}
