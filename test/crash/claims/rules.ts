import type { ClaimLedgerEvent } from '#crm/high-sea/claim-ledger/claim-ledger.events';
import type { LeadEvent } from '#crm/high-sea/lead/lead.events';
import type { PortfolioEvent } from '#crm/high-sea/portfolio/portfolio.events';
import type { RecordedEvent } from '#kernel';

/** What is to be kept: by whom, from which pool, how much. */
export interface Limits {
  readonly poolId: string;
  readonly reps: readonly string[];
  readonly dailyLimit: number;
  readonly holdingCap: number;
}

type HighSeaEvent = RecordedEvent<LeadEvent | ClaimLedgerEvent | PortfolioEvent>;
type Log = readonly RecordedEvent[];

const isHighSea = (event: RecordedEvent): event is HighSeaEvent => /^(lead|claimLedger|portfolio)-/.test(event.stream);
const highSea = (log: Log): readonly HighSeaEvent[] => log.filter(isHighSea);

/** Which rules the log breaks, told from what happened to the leads, whatever the ledgers say. */
export function brokenRules(log: Log, limits: Limits): readonly string[] {
  const { dailyLimit, holdingCap } = limits;
  const tooMany = [...claimsPerDay(log, limits)]
    .filter(([, claims]) => claims > dailyLimit)
    .map(([repId, claims]) => `${repId} claimed ${claims} times in a day`);
  const tooFull = [...mostHeldAtOnce(log, limits)]
    .filter(([, held]) => held > holdingCap)
    .map(([repId, held]) => `${repId} held ${held} at once`);
  const open = openReservations(log, limits);
  return [
    ...tooMany,
    ...tooFull,
    ...wronglyConfirmed(log, limits),
    ...wrongPortfolios(log, limits),
    ...(open > 0 ? [`${open} reservations were never settled`] : []),
  ];
}

/** How often each employee claimed today; a run over midnight counts the day of the last claim. */
export function claimsPerDay(log: Log, { poolId }: Limits): ReadonlyMap<string, number> {
  const claims = highSea(log).flatMap((event) =>
    event.type === 'LeadClaimed' && event.data.poolId === poolId ? [event] : [],
  );
  const today = claims.at(-1)?.occurredAt.slice(0, 10);
  const used = new Map<string, number>();
  for (const { data, occurredAt } of claims)
    if (occurredAt.startsWith(today ?? '')) used.set(data.claimantId, (used.get(data.claimantId) ?? 0) + 1);
  return used;
}

/** What each employee holds in the end. */
export function holdings(log: Log, limits: Limits): ReadonlyMap<string, ReadonlySet<string>> {
  const held = new Map<string, Set<string>>();
  for (const [repId, leadId, has] of changesOfHands(log, limits)) {
    const leads = held.get(repId) ?? new Set();
    held.set(repId, leads);
    if (has) leads.add(leadId);
    else leads.delete(leadId);
  }
  return held;
}

function mostHeldAtOnce(log: Log, limits: Limits): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  const most = new Map<string, number>();
  for (const [repId, , has] of changesOfHands(log, limits)) {
    held.set(repId, (held.get(repId) ?? 0) + (has ? 1 : -1));
    most.set(repId, Math.max(most.get(repId) ?? 0, held.get(repId) ?? 0));
  }
  return most;
}

/** Who got or lost which lead, in the order of the log. */
const changesOfHands = (log: Log, { reps }: Limits): readonly (readonly [string, string, boolean])[] =>
  highSea(log).flatMap((event): readonly (readonly [string, string, boolean])[] => {
    if (event.type === 'LeadClaimed' && reps.includes(event.data.claimantId))
      return [[event.data.claimantId, event.data.leadId, true]];
    if (event.type === 'LeadReturned' && reps.includes(event.data.ownerId))
      return [[event.data.ownerId, event.data.leadId, false]];
    return [];
  });

/** Each claim uses up one reservation, and nothing else does. */
function wronglyConfirmed(log: Log, { poolId }: Limits): readonly string[] {
  const made = highSea(log).flatMap((event) =>
    event.type === 'LeadClaimed' && event.data.poolId === poolId ? [event.data.ledgerReservationId ?? 'none'] : [],
  );
  const confirmed = highSea(log).flatMap((event) =>
    event.type === 'ClaimConfirmed' && event.data.reservationId.includes(poolId) ? [event.data.reservationId] : [],
  );
  const [claims, uses] = [made.toSorted().join(), confirmed.toSorted().join()];
  return claims === uses ? [] : [`${made.length} claims used up ${confirmed.length} reservations`];
}

/** Each portfolio says what its employee holds. */
function wrongPortfolios(log: Log, limits: Limits): readonly string[] {
  const actual = holdings(log, limits);
  return limits.reps.flatMap((repId) => {
    const told = new Set<string>();
    for (const event of highSea(log)) {
      if (event.type === 'HoldingAdded' && event.data.repId === repId) told.add(event.data.recordId);
      if (event.type === 'HoldingRemoved' && event.data.repId === repId) told.delete(event.data.recordId);
    }
    const held = actual.get(repId) ?? new Set();
    return told.size === held.size && [...told].every((id) => held.has(id))
      ? []
      : [`the portfolio of ${repId} is wrong`];
  });
}

/** How many reservations nobody has confirmed, filled or released. */
export function openReservations(log: Log, { poolId, reps }: Limits): number {
  const open = new Set<string>();
  for (const event of highSea(log))
    switch (event.type) {
      case 'ClaimReserved':
        if (event.data.poolId === poolId) open.add(event.data.reservationId);
        break;
      case 'HoldingReserved':
        if (reps.includes(event.data.repId)) open.add(event.data.reservationId);
        break;
      case 'ClaimConfirmed':
      case 'ClaimReleased':
      case 'HoldingAdded':
      case 'HoldingReleased':
        open.delete(event.data.reservationId);
        break;
      default:
    }
  return open.size;
}
