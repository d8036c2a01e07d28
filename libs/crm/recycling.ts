import type { KnownPool, Pool, RecycleRule } from './high-sea/pool/pool.decider.js';
import type { Held, Warning } from './ownership.js';

export type RecyclingRefusal =
  'NO_RECYCLE_RULE' | 'OWNER_ALREADY_WARNED' | 'OWNER_NOT_WARNED' | 'OWNER_WARNED_TOO_LATE';

/** What a neglected record comes to next, and when at the earliest. */
export interface RecycleStep {
  readonly kind: 'warn' | 'recycle';
  readonly at: string;
  /** When the rule takes the record away if nothing happens. */
  readonly recycleAt: string;
  readonly rule: RecycleRule;
  readonly policyVersion: number;
  /** The warning that stands; absent where there is none yet, or the rule wants none. */
  readonly warned?: Warning;
}

/** Which records a rule is for. */
export interface Kind {
  readonly entityKind: RecycleRule['entityKind'];
  readonly level?: string;
}

const DAY_MS = 86_400_000;
const after = (moment: string, days: number): string => new Date(Date.parse(moment) + days * DAY_MS).toISOString();
const latest = (...moments: readonly (string | undefined)[]): string =>
  moments.reduce<string>((last, moment = '') => (moment > last ? moment : last), '');

/**
 * LI7–LI9 under the policy in force. A warning holds for the version of the policy that it cites, so that after a change
 * nobody loses a record sooner than the days of a new warning.
 */
export function nextRecycleStep(held: Held, pool: Pool | undefined, kind: Kind): RecycleStep | undefined {
  if (pool?.status !== 'open') return undefined;
  const rule = ruleFor(pool, kind);
  if (rule === undefined) return undefined;
  const policyVersion = pool.recyclePolicy?.policyVersion ?? 0;
  const since = latest(held.ownedSince, held.lastQualifyingActivityAt);
  const neglectedAt = latest(after(since, rule.days), held.protectedUntil);
  const found = { rule, policyVersion };
  if (rule.warnDaysBefore === 0) return { kind: 'recycle', at: neglectedAt, recycleAt: neglectedAt, ...found };
  const { warned } = held;
  if (warned?.policyVersion !== policyVersion || warned.ruleId !== rule.ruleId)
    return { kind: 'warn', at: after(neglectedAt, -rule.warnDaysBefore), recycleAt: neglectedAt, ...found };
  const recycleAt = latest(neglectedAt, after(warned.at, rule.warnDaysBefore));
  return { kind: 'recycle', at: recycleAt, recycleAt, warned, ...found };
}

/** The most specific rule; of several, the one that takes soonest. */
function ruleFor({ recyclePolicy }: KnownPool, { entityKind, level }: Kind): RecycleRule | undefined {
  const fitting = (recyclePolicy?.rules ?? []).filter(
    (rule) =>
      rule.entityKind === entityKind &&
      rule.trigger === 'no_follow_up' &&
      (rule.level === undefined || rule.level === level),
  );
  return fitting.sort(
    (one, other) => Number(other.level !== undefined) - Number(one.level !== undefined) || one.days - other.days,
  )[0];
}

/** When a warning given now lets the record go at the earliest. */
export const recycleAfterWarning = ({ recycleAt, rule }: RecycleStep, now: string): string =>
  latest(recycleAt, after(now, rule.warnDaysBefore));

/** How many follow-ups a record remembers. */
const REMEMBERED = 20;

/** What the owner has after somebody did what counts: a clock set back, and no warning over them. */
export const active = <H extends Held>(held: H, followUpId: string, at: string): H => ({
  ...held,
  lastQualifyingActivityAt: latest(held.lastQualifyingActivityAt, at),
  notedFollowUps: [...(held.notedFollowUps ?? []), followUpId].slice(-REMEMBERED),
  warned: undefined,
});

/** Whether a contact counts as looking after a record: somebody was reached, by whatever channel. */
export const isQualifying = ({ outcome }: { readonly outcome: string }): boolean => outcome === 'reached';
