import type { AnyProjection, Position, Recorded, RecordedEvent } from '#kernel';

/** An event whose data or envelope cannot be made out; its place is known. */
export interface UnreadableEvent extends Pick<Recorded, 'eventId' | 'stream' | 'revision' | 'position' | 'erases'> {
  readonly type: string;
  readonly error: Error;
}

/** What stands in a stream. */
export type Entry = { readonly event: RecordedEvent } | { readonly unreadable: UnreadableEvent };

/** What a subscription brings, in the order of the log. */
export type Delivery =
  | Entry
  /** An event of a type that was not asked for. */
  | { readonly passed: Position }
  /** Everything up to here has been passed; what was not delivered is of no interest to any projection. */
  | { readonly checkpoint: Position }
  /** All that was in the log has been delivered; may come more than once. */
  | { readonly caughtUp: true };

/** What projections want of the log. */
export interface Interest {
  /** Of events of other types the source may tell the place alone. */
  readonly types: ReadonlySet<string>;
  /** Personal text of other types may read as if it were erased: who keeps none is told none. */
  readonly personal: ReadonlySet<string>;
}

/** What these projections listen to, and where those of them that keep personal text find it. */
export function interestOf(projections: readonly AnyProjection[]): Interest {
  const typesOf = (some: readonly AnyProjection[]) => new Set(some.flatMap(({ on }) => Object.keys(on)));
  return {
    types: typesOf(projections),
    personal: typesOf(projections.filter(({ personal = [] }) => personal.length > 0)),
  };
}

/** Where the runner gets its events from: decoded, unsealed, each at least once. */
export interface EventSource {
  /** All after `from`, as far as it is of interest. It may end at any time; aborting the signal ends it soon. */
  subscribe(from: Position | 'start', signal: AbortSignal, interest?: Interest): AsyncIterable<Delivery>;
}

/** The same events up to a position; then a checkpoint at it, and it counts as caught up. */
export const upTo = (source: EventSource, last: Position): EventSource => ({
  async *subscribe(from, signal, interest) {
    if (from === 'start' || from.commit < last.commit) {
      let isReached = false;
      // Told to end first: a source that reads ahead would otherwise wait for its next event.
      const reached = new AbortController();
      const either = AbortSignal.any([signal, reached.signal]);
      for await (const delivery of source.subscribe(from, either, interest)) {
        const position = positionOf(delivery);
        isReached = position === undefined || position.commit >= last.commit;
        if (position !== undefined && position.commit <= last.commit) yield delivery;
        if (!isReached) continue;
        reached.abort();
        break;
      }
      if (!isReached) return;
      yield { checkpoint: last };
    }
    yield { caughtUp: true };
  },
});

/** Where a delivery lies in the log. */
export function positionOf(delivery: Delivery): Position | undefined {
  if ('event' in delivery) return delivery.event.position;
  if ('unreadable' in delivery) return delivery.unreadable.position;
  if ('passed' in delivery) return delivery.passed;
  return 'checkpoint' in delivery ? delivery.checkpoint : undefined;
}

/** Where parked events are read again from. */
export interface StreamSource {
  /** The stream in order, from a revision on. */
  readStream(stream: string, from: bigint): AsyncIterable<Entry>;
}
