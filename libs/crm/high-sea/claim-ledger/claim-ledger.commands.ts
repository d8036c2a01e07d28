import { Code, Day, Id, Instant, InternalCommand, Text, Whole } from '#event-store';

export class ReserveClaim extends InternalCommand {
  @Id() readonly repId!: string;
  @Id() readonly poolId!: string;
  /** The day by the zone of the pool. */
  @Day() readonly on!: string;
  /** Made by `claimReservationId`. */
  @Text(200) readonly reservationId!: string;
  /** Where the claim will stand. */
  @Code() readonly stream!: string;
  @Whole(0) readonly limit!: number;
  @Whole(1) readonly policyVersion!: number;
  @Instant() readonly until!: string;
}

abstract class OfReservation extends InternalCommand {
  @Text(200) readonly reservationId!: string;
}

/** The claim was made. */
export class ConfirmClaim extends OfReservation {}

/** Looks whether the claim was made, and confirms or releases it. */
export class SettleClaim extends OfReservation {}
