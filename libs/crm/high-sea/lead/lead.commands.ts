import { ArrayMaxSize, IsBoolean, IsEmail, IsIn, IsOptional } from 'class-validator';
import { Code, Command, Id, Instant, InternalCommand, OwnNumber, Part, Parts, Text, Whole } from '#event-store';
import { FOLLOW_UP_CHANNELS, FOLLOW_UP_OUTCOMES, RETURN_REASONS } from '../../common.events.js';

type ReturnReason = (typeof RETURN_REASONS)[number];

class LeadProfile {
  @IsOptional() @Text() readonly name?: string;
  @IsOptional() @Text() readonly company?: string;
  @IsOptional() @Text(50) readonly phone?: string;
  @IsOptional() @IsEmail() readonly email?: string;
  @IsOptional() @Text(10_000) readonly note?: string;
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

export class ConvertLead extends Command {
  @Id() readonly leadId!: string;
  @Id() readonly customerId!: string;
  @IsOptional() @Id() readonly contactId?: string;
  @IsOptional() @Id() readonly opportunityId?: string;
  @IsOptional() @IsBoolean() readonly carryFollowUps?: boolean;
  @IsOptional() @IsBoolean() readonly matchedExisting?: boolean;
}

export class CorrectLeadProfile extends Command {
  @Id() readonly leadId!: string;
  @Part(() => LeadProfile) readonly profile!: LeadProfile;
}
