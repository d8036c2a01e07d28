import type { EventOf } from '#kernel';
import { date, event, id, instant, integer } from '#kernel';

/** Stored for ever: add optional fields, never rename or remove. ClaimLedger: one employee's claims from one pool on one of its days. */
export const claimLedgerEvents = {
  ClaimReserved: event(
    'One of the claims that an employee may make from the pool on this day was set aside for a record.',
    {
      repId: id,
      poolId: id,
      on: date,
      reservationId: id,
      stream: id,
      limit: integer,
      used: integer,
      policyVersion: integer,
      until: instant,
    },
  ),
  ClaimConfirmed: event('The reserved claim was made; it counts for this day whatever becomes of the record.', {
    reservationId: id,
  }),
  ClaimReleased: event('The reserved claim was not made, so another can be.', {
    reservationId: id,
  }),
};

export type ClaimLedgerEvent = EventOf<typeof claimLedgerEvents>;
