import type { Position } from '#kernel';

/** An event as the store keeps it: sealed, with its metadata, under an id of our own. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An event as the store gives it back; data and metadata are not checked yet. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** What a subscription brings, in the order of the log. */
export type StoreDelivery =
  | { readonly event: StoredEvent }
  /** An event of a type that was not asked for. */
  | { readonly passed: Position }
  | { readonly checkpoint: Position }
  | { readonly caughtUp: true };

/** Where a delivery lies in the log. */
export function positionOf(delivery: StoreDelivery): Position | undefined {
  if ('event' in delivery) return delivery.event.position;
  if ('passed' in delivery) return delivery.passed;
  return 'checkpoint' in delivery ? delivery.checkpoint : undefined;
}

/** The revision that a stream must have for an append to be made. */
export type ExpectedRevision = bigint | 'no_stream';

/** Where the last event of an append came to lie. */
export interface Appended {
  readonly revision: bigint;
  readonly position: Position;
}

/** The event store as the application knows it; EventStoreDB's protocol stands behind it. */
export abstract class EventStore {
  /**
   * Appends all events or none. Safe to be repeated with the same ids and revision after an unknown outcome.
   * @throws ConcurrentWrite when the stream is at another revision
   */
  abstract append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>;

  /** The events of a stream from a revision on, oldest first; none when the stream does not exist. */
  abstract readStream(stream: string, from?: bigint): AsyncIterable<StoredEvent>;

  /** The last event of a stream, if it has any. */
  abstract lastOf(stream: string): Promise<StoredEvent | undefined>;

  /**
   * All events of streams whose names begin with one of these, after a position, history first, then live, until
   * aborted or broken off. Of events of other types than the wanted ones only the place is told.
   */
  abstract subscribe(
    prefixes: readonly string[],
    from: Position | 'start',
    signal: AbortSignal,
    types?: ReadonlySet<string>,
  ): AsyncIterable<StoreDelivery>;

  /** Ends the connection; calls under way fail. */
  abstract close(): Promise<void>;
}
