import type { Actor, Context } from '#kernel';
import { Refusal } from '#kernel';
import { dayOf } from './days.js';
import type { KnownPool } from './high-sea/pool/pool.decider.js';

export type ClaimingRefusal =
  | 'POOL_RETIRED'
  | 'NOT_A_POOL_MEMBER'
  | 'POOL_EMBARGO'
  | 'COOLING_OFF'
  | 'CLAIMANT_DEPARTED'
  | 'OVERRIDE_NEEDS_MANAGER'
  | 'REASON_REQUIRED';

/** When a record came into its pool, and who gave it up or lost it when: the last time each. */
export interface Pooling {
  readonly pooledSince: string;
  readonly releases: Readonly<Record<string, string>>;
}

/** What is looked up before somebody takes a record. Nothing of it where the record lies in no pool that was defined. */
export interface TakingFacts {
  readonly pool?: KnownPool;
  /** How many records of this kind the taker may hold; any number when absent. */
  readonly cap?: number;
  readonly takerDepartedOn?: string;
  /** Everybody above the taker; looked up when the cap is to be overridden. */
  readonly managersOfTaker?: readonly string[];
}

type Taking = Pick<Context<TakingFacts>, 'occurredAt' | 'facts'>;

/** LI4–LI6: who may claim a pooled record, and when. The limits on how many are kept by the ledgers. */
export function mayClaim(
  record: Pooling & { readonly poolId?: string },
  claimantId: string,
  { occurredAt, facts: { pool, takerDepartedOn } }: Taking,
): void {
  if (pool === undefined) return;
  const { poolId } = pool;
  if (pool.status === 'retired') throw refusal('POOL_RETIRED', { poolId });
  if (takerDepartedOn !== undefined && dayOf(occurredAt) > takerDepartedOn)
    throw refusal('CLAIMANT_DEPARTED', { claimantId, departedOn: takerDepartedOn });
  if (!pool.members.includes(claimantId)) throw refusal('NOT_A_POOL_MEMBER', { poolId, claimantId });
  const { newEntryEmbargoHours = 0, previousOwnerCoolOffDays = 0 } = pool.claimPolicy ?? {};
  const released = record.releases[claimantId];
  const embargo = after(record.pooledSince, newEntryEmbargoHours * HOUR);
  if (occurredAt < embargo) throw refusal('POOL_EMBARGO', { poolId, until: embargo });
  const coolOff = released === undefined ? occurredAt : after(released, previousOwnerCoolOffDays * DAY);
  if (occurredAt < coolOff) throw refusal('COOLING_OFF', { claimantId, until: coolOff });
}

/** LI3: more than the cap allows is given only by a manager of the taker, who says why. */
export function mayOverrideCap(
  takerId: string,
  { overrideHoldingCap = false, reason }: { readonly overrideHoldingCap?: boolean; readonly reason?: object },
  { actor, facts: { managersOfTaker = [] } }: Pick<Context<TakingFacts>, 'actor' | 'facts'>,
): void {
  if (!overrideHoldingCap) return;
  if (reason === undefined) throw refusal('REASON_REQUIRED', { takerId });
  if (!tellsThePast(actor) && !managersOfTaker.includes(actor.id))
    throw refusal('OVERRIDE_NEEDS_MANAGER', { takerId, actorId: actor.id });
}

/** The releases with one more: `ownerId` gave the record up or lost it, whoever took it from them. */
export const releasedBy = (
  releases: Pooling['releases'],
  ownerId: string | undefined,
  { occurredAt }: { readonly occurredAt: string },
): Pooling['releases'] => (ownerId === undefined ? releases : { ...releases, [ownerId]: occurredAt });

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const after = (instant: string, ms: number): string =>
  ms === 0 ? instant : new Date(Date.parse(instant) + ms).toISOString();
const tellsThePast = ({ kind }: Actor): boolean => kind === 'import' || kind === 'simulation';

const refusal = (code: ClaimingRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<ClaimingRefusal>(code, details);
