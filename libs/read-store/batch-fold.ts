import { changesOf, type Position, type RecordedEvent } from '#kernel';
import { faultOfReading, type DeadLetter, type Fault } from './dead-letters.js';
import { noteOf } from './failure-note.js';
import { MissingTable, ParkedBehind } from './failures.js';
import { RowFold } from './row-fold.js';
import { positionOf, type Delivery, type Entry } from './source.js';
import type { Version } from './versions.js';

/** What a batch means to one version: the rows to write and the events to park. */
export interface Folded {
  readonly rows: RowFold;
  readonly letters: readonly DeadLetter[];
}

/** Folds what lies behind `reached`, but for what an operator gave up. An event that cannot be taken is parked, and with it the later events of its stream. */
export function foldBatch(
  version: Version,
  reached: Position | undefined,
  parked: ReadonlySet<string>,
  entries: readonly Entry[],
  refused?: Error,
): Folded {
  const rows = new RowFold(version.tables);
  const letters: DeadLetter[] = [];
  const poisoned = new Set<string>();
  const skips = version.skipped.size > 0;
  const park = (entry: Entry, fault: Fault, error: Error) => {
    letters.push(letterFor(entry, fault, error));
    poisoned.add(placeOf(entry).stream);
  };
  for (const entry of entries) {
    // Most events mean nothing to most projections: this is asked first.
    const { stream, revision, type, position } = placeOf(entry);
    if (version.projection.on[type] === undefined || !isAfter(position, reached)) continue;
    if (skips && version.skipped.has(`${stream}@${revision}`)) continue;
    if (parked.has(stream) || poisoned.has(stream)) park(entry, 'follows', new ParkedBehind());
    else if ('unreadable' in entry) park(entry, faultOfReading(entry.unreadable.error), entry.unreadable.error);
    else if (refused !== undefined) park(entry, 'write', refused);
    else {
      const error = addTo(rows, version, entry.event);
      if (error !== undefined) park(entry, 'apply', error);
    }
  }
  return { rows, letters };
}

/** Takes all changes of an event or none; the error tells why none. @throws MissingTable */
export function addTo(rows: RowFold, version: Version, event: RecordedEvent): Error | undefined {
  try {
    rows.add(changesOf(version.projection, event));
    return undefined;
  } catch (error) {
    if (error instanceof MissingTable) throw error;
    return error instanceof Error ? error : new Error(String(error));
  }
}

function letterFor(entry: Entry, fault: Fault, error: Error): DeadLetter {
  const { eventId, stream, revision, position, type } = placeOf(entry);
  const { reason, stack } = noteOf(error);
  return { eventId, stream, revision, position, type, fault, reason, stack: fault === 'follows' ? null : stack };
}

/** Whether it is an event, readable or not. */
export const isEntry = (delivery: Delivery): delivery is Entry => 'event' in delivery || 'unreadable' in delivery;
export const placeOf = (entry: Entry) => ('event' in entry ? entry.event : entry.unreadable);

/** The data subjects whose keys are gone, whatever else could be made out of the events that say so. */
export const erasedIn = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap((entry) => placeOf(entry).erases ?? NOBODY);
const NOBODY: readonly string[] = [];

/** The furthest position of a batch. */
export function lastPosition(deliveries: readonly Delivery[]): Position | undefined {
  let last: Position | undefined;
  for (const delivery of deliveries) {
    const position = positionOf(delivery);
    if (isAfter(position, last)) last = position;
  }
  return last;
}

/** When the last event of a batch was recorded. */
export function lastRecordedAt(deliveries: readonly Delivery[]): string | undefined {
  const last = deliveries.findLast((delivery) => 'event' in delivery);
  return last?.event.recordedAt;
}

/** Whether one lies behind the other in the log; undefined lies before its beginning. */
export function isAfter(one: Position | undefined, other: Position | undefined): boolean {
  if (one === undefined) return false;
  return other === undefined || one.commit > other.commit;
}
