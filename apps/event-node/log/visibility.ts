import { decodeEventFrame } from '../protocol/event-frame.js';
import type { Head } from './head.js';
import type { LogEvent } from './log-event.js';
import { NONE, TOMBSTONE } from './revisions.js';

const TICKS_PER_SECOND = 10_000_000n;
const TICKS_PER_MILLISECOND = 10_000n;

/** The first revision that truncation leaves, by count and by revision; the stricter one counts. */
export function firstKept({ lastRevision, metadata }: Head): bigint {
  const byCount = metadata.maxCount === undefined ? 0n : lastRevision - metadata.maxCount + 1n;
  const byRevision = metadata.truncateBefore ?? 0n;
  const first = byCount > byRevision ? byCount : byRevision;
  return first > 0n ? first : 0n;
}

/** Whether an event is too old for the `$maxAge` of its stream. */
export function isExpired(event: LogEvent, { metadata }: Head): boolean {
  if (metadata.maxAge === undefined) return false;
  const age = BigInt(Date.now()) * TICKS_PER_MILLISECOND - decodeEventFrame(event.frame).created;
  return age >= metadata.maxAge * TICKS_PER_SECOND;
}

/** A stream that a read does not find: never written, or deleted. */
export const isAbsent = ({ lastRevision, metadata }: Head): boolean =>
  lastRevision === NONE || metadata.truncateBefore === TOMBSTONE;
