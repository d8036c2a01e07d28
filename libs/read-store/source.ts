import type { Position, Recorded, RecordedEvent } from '#kernel';

/** An event whose data or envelope cannot be made out; its place is known. */
export interface UnreadableEvent extends Pick<Recorded, 'eventId' | 'stream' | 'revision' | 'position'> {
  readonly type: string;
  readonly error: Error;
}

/** What stands in a stream. */
export type Entry = { readonly event: RecordedEvent } | { readonly unreadable: UnreadableEvent };

/** What a subscription brings, in the order of the log. */
export type Delivery =
  | Entry
  /** Everything up to here has been passed; what was not delivered is of no interest to any projection. */
  | { readonly checkpoint: Position }
  /** All that was in the log has been delivered; may come more than once. */
  | { readonly caughtUp: true };

/** Where the runner gets its events from: decoded, unsealed, each at least once. */
export interface EventSource {
  /** All after `from`. It may end at any time; aborting the signal ends it soon. */
  subscribe(from: Position | 'start', signal: AbortSignal): AsyncIterable<Delivery>;
}

/** Where parked events are read again from. */
export interface StreamSource {
  /** The stream in order, from a revision on. */
  readStream(stream: string, from: bigint): AsyncIterable<Entry>;
}
