import { IsOptional } from 'class-validator';
import { Code, Command, Currency, Day, Id, NonNegativeAmount, OwnNumber, Part, Whole } from '#event-store';

export class DraftQuote extends Command {
  @Id() readonly quoteId!: string;
  /** A number that the quote has already; absent, it is given one. */
  @IsOptional() @OwnNumber() readonly quoteNumber?: string;
  @IsOptional() @Id() readonly customerId?: string;
  @IsOptional() @Id() readonly opportunityId?: string;
  /** Whose quote it is; the actor when absent and human. */
  @IsOptional() @Id() readonly ownerId?: string;
  @Currency() readonly currency!: string;
}

export class AddQuoteLine extends Command {
  @Id() readonly quoteId!: string;
  @Id() readonly lineId!: string;
  @Id() readonly productId!: string;
  @Whole(1, 1_000_000) readonly quantity!: number;
  @Part(() => NonNegativeAmount) readonly unitPrice!: NonNegativeAmount;
}

export class ChangeQuoteLine extends Command {
  @Id() readonly quoteId!: string;
  @Id() readonly lineId!: string;
  @IsOptional() @Whole(1, 1_000_000) readonly quantity?: number;
  @IsOptional() @Part(() => NonNegativeAmount) readonly unitPrice?: NonNegativeAmount;
}

export class RemoveQuoteLine extends Command {
  @Id() readonly quoteId!: string;
  @Id() readonly lineId!: string;
}

export class SubmitQuote extends Command {
  @Id() readonly quoteId!: string;
  /** Who puts it up for approval; the actor when absent. */
  @IsOptional() @Id() readonly submitterId?: string;
  @IsOptional() @Day() readonly validUntil?: string;
}

/** One of the decisions on what was submitted. */
abstract class Decision extends Command {
  @Id() readonly quoteId!: string;
  /** Who decides; the actor when absent. People decide for themselves only. */
  @IsOptional() @Id() readonly deciderId?: string;
  /** The content that the decider saw: refused when something else is up for decision by now. */
  @IsOptional() @Code() readonly contentHash?: string;
}

export class ApproveQuote extends Decision {}

/** The reason is mandatory. */
export class RejectQuote extends Decision {}

/** The reason is mandatory. */
export class ReturnQuote extends Decision {}

export class WithdrawQuote extends Command {
  @Id() readonly quoteId!: string;
}

export class ReviseQuote extends Command {
  @Id() readonly quoteId!: string;
}

export class AcceptQuote extends Command {
  @Id() readonly quoteId!: string;
  /** Any approved revision may be accepted; the newest when absent. */
  @IsOptional() @Whole(1) readonly revision?: number;
  @IsOptional() @Day() readonly acceptedOn?: string;
}

/** The policy gives it on the day after the last one. */
export class ExpireQuote extends Command {
  @Id() readonly quoteId!: string;
  @Whole(1) readonly revision!: number;
}

export class VoidQuote extends Command {
  @Id() readonly quoteId!: string;
}
