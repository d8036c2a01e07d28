import type { Decider } from '#kernel';
import { Refusal } from '#kernel';
import type { SettlingFacts } from '../../reservation.js';
import type * as commands from './claim-ledger.commands.js';
import type { ClaimLedgerEvent } from './claim-ledger.events.js';
import { claimLedgerEvents } from './claim-ledger.events.js';

export type ClaimLedgerRefusal = 'CLAIM_LIMIT_REACHED' | 'CLAIM_RESERVATION_UNKNOWN';

interface ReservedClaim {
  readonly status: 'reserved' | 'confirmed' | 'released';
  readonly stream: string;
}

export type ClaimLedger = Readonly<Record<string, ReservedClaim>>;

/** One employee's claims from one pool on one of its days (LI2). What is reserved counts until it is released; what is confirmed counts for good. */
export const claimLedger: Decider<ClaimLedger, ClaimLedgerEvent, typeof commands, SettlingFacts> = {
  name: 'claimLedger',
  events: claimLedgerEvents,
  initial: {},
  idOf: (command) => ('poolId' in command ? ledgerOf(command) : ledgerIn(command.reservationId)),
  decide: {
    ReserveClaim: (ledger, { repId, poolId, on, reservationId, stream, limit, policyVersion, until }) => {
      if (counts(ledger[reservationId])) return [];
      const used = Object.values(ledger).filter(counts).length;
      if (used >= limit) throw refusal('CLAIM_LIMIT_REACHED', { repId, poolId, limit, used, on });
      return [
        {
          type: 'ClaimReserved',
          data: { repId, poolId, on, reservationId, stream, limit, used: used + 1, policyVersion, until },
        },
      ];
    },
    ConfirmClaim: (ledger, { reservationId }) => {
      // A claim that was made counts, also when its reservation had been released.
      if (known(ledger, reservationId).status === 'confirmed') return [];
      return [{ type: 'ClaimConfirmed', data: { reservationId } }];
    },
    SettleClaim: (ledger, { reservationId }, { facts: { happened } }) => {
      if (known(ledger, reservationId).status !== 'reserved') return [];
      if (happened === true) return [{ type: 'ClaimConfirmed', data: { reservationId } }];
      return [{ type: 'ClaimReleased', data: { reservationId } }];
    },
  },
  evolve: {
    ClaimReserved: (ledger, { reservationId, stream }) => ({
      ...ledger,
      [reservationId]: { status: 'reserved', stream },
    }),
    ClaimConfirmed: (ledger, { reservationId }) => withStatus(ledger, reservationId, 'confirmed'),
    ClaimReleased: (ledger, { reservationId }) => withStatus(ledger, reservationId, 'released'),
  },
};

/** The id under which a claim is reserved: it names its ledger and the event that the claim will be. */
export const claimReservationId = (ledger: LedgerKey, eventId: string): string => `${ledgerOf(ledger)}/${eventId}`;
/** The event that a reserved claim becomes. */
export const claimEventOf = (reservationId: string): string => reservationId.slice(reservationId.indexOf('/') + 1);

interface LedgerKey {
  readonly repId: string;
  readonly poolId: string;
  readonly on: string;
}

const ledgerOf = ({ repId, poolId, on }: LedgerKey): string => `${repId}-${poolId}-${on}`;
const ledgerIn = (reservationId: string): string => reservationId.slice(0, reservationId.indexOf('/'));

const refusal = (code: ClaimLedgerRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<ClaimLedgerRefusal>(code, details);

const counts = (claim: ReservedClaim | undefined): boolean => claim !== undefined && claim.status !== 'released';

function known(ledger: ClaimLedger, reservationId: string): ReservedClaim {
  const claim = ledger[reservationId];
  if (claim === undefined) throw refusal('CLAIM_RESERVATION_UNKNOWN', { reservationId });
  return claim;
}

function withStatus(ledger: ClaimLedger, reservationId: string, status: ReservedClaim['status']): ClaimLedger {
  const claim = ledger[reservationId];
  return claim === undefined ? ledger : { ...ledger, [reservationId]: { ...claim, status } };
}
