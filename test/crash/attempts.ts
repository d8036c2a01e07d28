import type { Appended, ExpectedRevision, NewEvent } from '#event-store';

/** One append as its writer sent it, as often as it took, and what came of it in the writer's eyes. */
export interface Attempt {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  readonly outcome: Appended | 'refused' | 'unknown';
}

/** An event as a reader finds it. */
export interface FoundEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly data: unknown;
}

interface Evidence {
  /** Everything that was ever asked for. */
  readonly attempts: readonly Attempt[];
  /** The log from its start, read after all of it. */
  readonly log: readonly FoundEvent[];
  /** The log as it was read last time. */
  readonly before: readonly FoundEvent[];
  /** What a subscriber was told all the time, through all crashes. */
  readonly followed: readonly FoundEvent[];
}

/** Everything that contradicts: acknowledged is there once, refused is absent, unknown is whole or absent, and order never changes. */
export function contradictions({ attempts, log, before, followed }: Evidence): readonly string[] {
  const byId = new Map<string, FoundEvent[]>();
  for (const event of log) byId.set(event.id, [...(byId.get(event.id) ?? []), event]);
  const asked = new Set(attempts.flatMap(({ events }) => events.map(({ id }) => id)));
  return [
    ...attempts.flatMap((attempt) => [...judge(attempt, byId)]),
    ...log.filter(({ id }) => !asked.has(id)).map((event) => `${named(event)} was never asked for`),
    ...disorder(log),
    ...differences('read before', before, log.slice(0, before.length)),
    ...differences('followed', followed, log),
  ];
}

function* judge({ stream, expected, events, outcome }: Attempt, log: Map<string, FoundEvent[]>): Iterable<string> {
  const found = events.map(({ id }) => log.get(id) ?? []);
  const what = `${events.length} events at ${stream}@${expected}`;
  const present = found.filter((places) => places.length > 0).length;
  if (found.some((places) => places.length > 1)) yield `${what}: doubled`;
  if (outcome === 'refused' && present > 0) yield `${what}: refused, yet ${present} are there`;
  if (typeof outcome === 'object' && present < events.length)
    yield `${what}: acknowledged, yet ${events.length - present} are lost`;
  if (outcome === 'unknown' && present > 0 && present < events.length)
    yield `${what}: half-written, ${present} are there`;
  const first = expected === 'no_stream' ? 0n : expected + 1n;
  for (const [index, [event]] of found.entries()) {
    if (!event) continue;
    const isInPlace = event.stream === stream && event.revision === first + BigInt(index);
    if (!isInPlace) yield `${what}: event ${index} lies at ${named(event)}`;
    if (JSON.stringify(event.data) !== JSON.stringify(events[index]?.data)) yield `${named(event)}: other data`;
  }
  const last = found.at(-1)?.[0];
  if (typeof outcome === 'object' && last && last.position !== outcome.position.commit)
    yield `${what}: acknowledged at ${outcome.position.commit}, found at ${last.position}`;
}

/** Positions only grow; revisions of a stream go up by one. */
function* disorder(log: readonly FoundEvent[]): Iterable<string> {
  const next = new Map<string, bigint>();
  let last = -1n;
  for (const event of log) {
    if (event.position <= last) yield `${named(event)}: position ${event.position} after ${last}`;
    const revision = next.get(event.stream) ?? 0n;
    if (event.revision !== revision) yield `${named(event)}: ${revision} is missing`;
    last = event.position;
    next.set(event.stream, event.revision + 1n);
  }
}

function* differences(what: string, one: readonly FoundEvent[], other: readonly FoundEvent[]): Iterable<string> {
  const at = one.findIndex(({ id, position }, index) => other[index]?.id !== id || other[index].position !== position);
  const [first] = [one[at], other[at]];
  if (first) yield `${what}: event ${at} was ${named(first)}, now ${other[at] ? named(other[at]) : 'nothing'}`;
  if (one.length !== other.length) yield `${what}: ${one.length} events, now ${other.length}`;
}

const named = ({ stream, revision }: FoundEvent): string => `${stream}@${revision}`;
