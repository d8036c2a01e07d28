import type { Context, Occurrence } from '#kernel';

/** Who owns a lead or customer and since when; until `protectedUntil` nobody takes it from them (LI8). */
export interface Held {
  readonly ownerId: string;
  readonly ownedSince: string;
  readonly protectedUntil?: string;
  /** When somebody last did what counts; absent when nobody has since they own it. */
  readonly lastQualifyingActivityAt?: string;
  /** The last follow-ups that were noted, so that one noted again changes nothing. */
  readonly notedFollowUps?: readonly string[];
  /** The warning that no activity has answered since. */
  readonly warned?: Warning;
}

/** The owner was told that a rule will take the record from them. */
export interface Warning {
  readonly at: string;
  readonly ruleId: string;
  readonly policyVersion: number;
}

/** What an owner has from taking over on; nothing is left of what a former owner did, was warned of or protected by. */
export const heldBy = (ownerId: string, { occurredAt }: Occurrence, protectedUntil?: string): Held => ({
  ownerId,
  ownedSince: occurredAt,
  protectedUntil,
  lastQualifyingActivityAt: undefined,
  notedFollowUps: undefined,
  warned: undefined,
});

/** Visits, of owners or of stages, are counted from 1: `visits` is how many there have been. */
export const begins = (visits: number) => ({ begins: visits + 1 });
export const ends = (visits: number) => ({ ends: visits });
export const passes = (visits: number) => ({ ends: visits, begins: visits + 1 });

/** Whole days since the last of these moments, counted from taking ownership when there was none since (LI7). */
export function daysIdle(
  { ownedSince }: Held,
  moments: readonly (string | undefined)[],
  { occurredAt }: Pick<Context, 'occurredAt'>,
): number {
  const since = moments.reduce<string>((last, moment = last) => (moment > last ? moment : last), ownedSince);
  return Math.floor((Date.parse(occurredAt) - Date.parse(since)) / 86_400_000);
}

export const isProtected = ({ protectedUntil }: Held, { occurredAt }: Pick<Context, 'occurredAt'>): boolean =>
  protectedUntil !== undefined && occurredAt < protectedUntil;
