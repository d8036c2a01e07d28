import { isMuchLog, type Position } from '#kernel';
import { chunks } from './chunks.js';
import type { Codec, Entry } from './codec.js';
import { type EventStore, positionOf, type StoreDelivery } from './event-store.js';

/** What a reader of all events gets, in the order of the log. */
export type RecordedDelivery =
  | Entry
  /** An event of a type that nobody knows, or that was not asked for. */
  | { readonly passed: Position }
  | { readonly checkpoint: Position }
  | { readonly caughtUp: true };

/** Where an event lies and when it was recorded. */
export interface RecordedPlace {
  readonly position: Position;
  readonly recordedAt: string | undefined;
}

/** What a reader wants of the log. */
export interface Interest {
  /** The types of events to be told; of others only the place. */
  readonly types: ReadonlySet<string>;
  /** The types whose personal text is to be opened; in others it reads as if it were erased. */
  readonly personal: ReadonlySet<string>;
}

/** How many events are unsealed together at most: their keys come with one query. */
const CHUNK = 1_000;

/** All events of the domain in the order of the log, decoded and unsealed: what projections and policies read. */
export class RecordedEvents {
  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
    /** The names of all aggregates; their streams are read, and nothing else that shares the store. */
    private readonly aggregates: readonly string[],
  ) {}

  /** All after `from`, or what is of interest and the erasures: history, then live, until aborted or broken off. */
  async *subscribe(
    from: Position | 'start',
    signal: AbortSignal,
    interest?: Interest,
  ): AsyncIterable<RecordedDelivery> {
    const wanted = interest && new Set([...interest.types, ...this.codec.erasingTypes]);
    const deliveries = this.store.subscribe(this.prefixes, from, signal, wanted);
    for await (const chunk of chunks(deliveries, CHUNK, isFull)) yield* await this.decoded(chunk, interest?.personal);
  }

  /** Where the events after `from` lie, to the end of the log as it is now; nothing is decoded, so that counting is cheap. */
  async *placesAfter(from: Position | 'start', signal: AbortSignal): AsyncIterable<RecordedPlace> {
    for await (const delivery of this.store.subscribe(this.prefixes, from, signal)) {
      if ('caughtUp' in delivery) return;
      if (!('event' in delivery)) continue;
      const { position, metadata } = delivery.event;
      yield { position, recordedAt: recordedAtIn(metadata) };
    }
  }

  /** One stream in order, from a revision on. */
  async *readStream(stream: string, from: bigint): AsyncIterable<Entry> {
    for await (const event of this.store.readStream(this.codec.prefix + stream, from)) {
      const [entry] = await this.codec.entries([event]);
      if (entry) yield entry;
    }
  }

  private get prefixes(): readonly string[] {
    return this.aggregates.map((name) => `${this.codec.prefix}${name}-`);
  }

  private async decoded(
    chunk: readonly StoreDelivery[],
    unsealed: ReadonlySet<string> | undefined,
  ): Promise<RecordedDelivery[]> {
    const events = chunk.flatMap((delivery) => ('event' in delivery ? [delivery.event] : []));
    const entries = (await this.codec.entries(events, unsealed)).values();
    return chunk.map((delivery) =>
      'event' in delivery ? (entries.next().value ?? { passed: delivery.event.position }) : delivery,
    );
  }
}

const isFull = (first: StoreDelivery, last: StoreDelivery) => isMuchLog(positionOf(first), positionOf(last));

function recordedAtIn(metadata: unknown): string | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('recordedAt' in metadata)) return undefined;
  return typeof metadata.recordedAt === 'string' ? metadata.recordedAt : undefined;
}
