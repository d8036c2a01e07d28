import type { Intended, LookingUp, ReadFact, Reservation } from '#event-store';
import type { TakingFacts } from './claiming.js';
import { localDay } from './days.js';
import { ReserveClaim, SettleClaim } from './high-sea/claim-ledger/claim-ledger.commands.js';
import { claimReservationId } from './high-sea/claim-ledger/claim-ledger.decider.js';
import { pool } from './high-sea/pool/pool.decider.js';
import { ReserveHolding, SettleHolding } from './high-sea/portfolio/portfolio.commands.js';
import type { EntityKind } from './high-sea/portfolio/portfolio.decider.js';
import { capFor, portfolio } from './high-sea/portfolio/portfolio.decider.js';
import { managersFrom } from './organisation/attribution.js';
import { assignmentAt, employee } from './organisation/employee/employee.decider.js';

/** A record that is to be taken: by whom, from which pool. */
export interface Taking {
  readonly entityKind: EntityKind;
  readonly recordId: string;
  readonly takerId: string;
  readonly ownershipVisit: { readonly begins?: number };
}

type About = Intended<unknown, TakingFacts>;

/** LI2: one of the claims that the taker may make from the pool on this day, by the zone of the pool. Returning gives none back. */
export function claimAllowance({ takerId: repId }: Taking, about: About): readonly Reservation[] {
  const { pool } = about.facts;
  const { dailyLimitPerRep: limit, policyVersion = 1 } = pool?.claimPolicy ?? {};
  if (pool === undefined || limit === undefined) return [];
  const { poolId, zone } = pool;
  const { stream, eventId, occurredAt, reservedUntil: until } = about;
  const on = localDay(occurredAt, zone);
  const reservationId = claimReservationId({ repId, poolId, on }, eventId);
  return [
    {
      reserve: ReserveClaim.of({ repId, poolId, on, reservationId, stream, limit, policyVersion, until }),
      settle: SettleClaim.of({ reservationId }),
      proof: { ledgerReservationId: reservationId },
    },
  ];
}

/** LI3: room among what the taker may hold. */
export function holdingRoom(
  { entityKind, recordId, takerId: repId, ownershipVisit: { begins: visit = 1 } }: Taking,
  about: About,
  overridesCap = false,
): readonly Reservation[] {
  const { pool, cap } = about.facts;
  if (cap === undefined) return [];
  const { stream, eventId: reservationId, reservedUntil: until } = about;
  const record = { repId, entityKind, recordId, visit, reservationId, stream };
  const poolCap = pool?.claimPolicy?.holdingCap;
  return [
    {
      reserve: ReserveHolding.of({ ...record, cap: poolCap, overridesCap, until }),
      settle: SettleHolding.of({ repId, reservationId }),
    },
  ];
}

/** Which record of a pool a command is about: who is to take it, or that it is to go back. */
interface PooledCommand {
  readonly entityKind: EntityKind;
  readonly poolId: string | undefined;
  readonly takerId: string | undefined;
  readonly isRecycling: boolean;
}

/** What is to be known of the pool before a record is taken or recycled; nothing where it lies in none. */
export function* poolFacts(
  { entityKind, poolId, takerId, isRecycling }: PooledCommand,
  { occurredAt, overrideHoldingCap = false }: { readonly occurredAt?: string; readonly overrideHoldingCap?: boolean },
  read: ReadFact,
): LookingUp<TakingFacts> {
  if (poolId === undefined || (takerId === undefined && !isRecycling)) return {};
  const from = yield* read(pool, poolId);
  if (from.status === 'unknown') return {};
  if (takerId === undefined) return { pool: from };
  const taker = yield* read(employee, takerId);
  const cap = capFor(yield* read(portfolio, takerId), entityKind, from.claimPolicy?.holdingCap);
  const managersOfTaker = overrideHoldingCap
    ? yield* managersFrom(assignmentAt(taker, occurredAt ?? NOW).managerId, occurredAt ?? NOW, read)
    : undefined;
  return {
    pool: from,
    cap,
    takerDepartedOn: taker.status === 'departed' ? taker.departedOn : undefined,
    managersOfTaker,
  };
}

/** Today's tree: later than every day on record. */
const NOW = '9999-12-31T00:00:00.000Z';
