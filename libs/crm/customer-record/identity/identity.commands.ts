import { IsOptional } from 'class-validator';
import { Code, Id, Instant, InternalCommand } from '#event-store';

abstract class OfIdentity extends InternalCommand {
  /** Made by `identityOf`. */
  @Code() readonly identityId!: string;
}

export class ReserveIdentity extends OfIdentity {
  @Id() readonly holderId!: string;
  @Code() readonly stream!: string;
  @Code() readonly reservationId!: string;
  /** Absent: never looked after, the holder's for good. */
  @IsOptional() @Instant() readonly until?: string;
}

/** Looks whether the event was written that needed it, and confirms or releases. */
export class SettleIdentity extends OfIdentity {
  @Code() readonly reservationId!: string;
}

/** An open record that need not be alone with it, such as a lead, tells of it too. */
export class MentionIdentity extends OfIdentity {
  /** Its kind and id: `lead:3f2c…`. */
  @Code() readonly record!: string;
}

/** The record tells of it no more, or is closed. */
export class WithdrawIdentityMention extends OfIdentity {
  @Code() readonly record!: string;
}

/** The holder needs it no more. */
export class ReleaseIdentity extends OfIdentity {
  @Id() readonly holderId!: string;
  /** The one reservation that is given back; absent: all that the holder has of it. */
  @IsOptional() @Code() readonly reservationId?: string;
}
