import { IsIn, IsOptional } from 'class-validator';
import { Code, Command, Day, Id, NonNegativeAmount, Part, Text, Whole } from '#event-store';
import { LOSS_REASONS } from './opportunity.events.js';

type LossReason = (typeof LOSS_REASONS)[number];

export class OpenOpportunity extends Command {
  @Id() readonly opportunityId!: string;
  @IsOptional() @Id() readonly customerId?: string;
  @Id() readonly processId!: string;
  /** The newest that is not retired, unless given. */
  @IsOptional() @Whole(1) readonly processVersion?: number;
  /** The first open one, unless given. */
  @IsOptional() @Code() readonly stageId?: string;
  /** Whoever sends the command, unless given. */
  @IsOptional() @Id() readonly ownerId?: string;
  @IsOptional() @Id() readonly productId?: string;
  @IsOptional() @Part(() => NonNegativeAmount) readonly amount?: NonNegativeAmount;
  @IsOptional() @Day() readonly expectedClose?: string;
  @IsOptional() @Day() readonly openedOn?: string;
  @IsOptional() @Id() readonly leadId?: string;
  @IsOptional() @Id() readonly campaignId?: string;
  @IsOptional() @Text(100) readonly source?: string;
}

export class AdvanceStage extends Command {
  @Id() readonly opportunityId!: string;
  @Code() readonly toStageId!: string;
}

/** The reason is mandatory. */
export class RegressStage extends Command {
  @Id() readonly opportunityId!: string;
  @Code() readonly toStageId!: string;
}

export class RecordStageOutcome extends Command {
  @Id() readonly opportunityId!: string;
  @Code() readonly criterionId!: string;
  @IsOptional() @Text(10_000) readonly evidence?: string;
}

/** The reason is mandatory. */
export class WaiveStageExit extends Command {
  @Id() readonly opportunityId!: string;
  @Code() readonly criterionId!: string;
}

export class ReviseAmount extends Command {
  @Id() readonly opportunityId!: string;
  @Part(() => NonNegativeAmount) readonly amount!: NonNegativeAmount;
}

export class RescheduleExpectedClose extends Command {
  @Id() readonly opportunityId!: string;
  @Day() readonly expectedClose!: string;
}

export class TransferOpportunity extends Command {
  @Id() readonly opportunityId!: string;
  @Id() readonly toOwner!: string;
}

export class WinOpportunity extends Command {
  @Id() readonly opportunityId!: string;
  /** Who bought, where the opportunity was opened without a customer. */
  @IsOptional() @Id() readonly customerId?: string;
  /** The expected amount, unless given; an import leaves unknown what it does not know. */
  @IsOptional() @Part(() => NonNegativeAmount) readonly finalAmount?: NonNegativeAmount;
  @IsOptional() @Day() readonly closedOn?: string;
  @IsOptional() @Id() readonly quoteId?: string;
  @IsOptional() @Whole(1) readonly quoteRevision?: number;
}

export class LoseOpportunity extends Command {
  @Id() readonly opportunityId!: string;
  @IsIn(LOSS_REASONS) readonly reasonCode!: LossReason;
  @IsOptional() @Text(200) readonly competitor?: string;
  @IsOptional() @Day() readonly closedOn?: string;
}

export class AbandonOpportunity extends Command {
  @Id() readonly opportunityId!: string;
  @IsOptional() @Day() readonly closedOn?: string;
}

/** The reason is mandatory. */
export class ReopenOpportunity extends Command {
  @Id() readonly opportunityId!: string;
  /** The stage in which it was closed, unless given. */
  @IsOptional() @Code() readonly toStageId?: string;
}
