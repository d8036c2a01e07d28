import type { Position } from '#kernel';
import { chunks } from './chunks.js';
import type { Codec, Entry } from './codec.js';
import type { EventStore, StoreDelivery } from './event-store.js';

/** What a reader of all events gets, in the order of the log. */
export type RecordedDelivery = Entry | { readonly checkpoint: Position } | { readonly caughtUp: true };

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

  /** All after `from`: history, then live, until aborted or broken off. An event of an unknown type becomes a checkpoint. */
  async *subscribe(from: Position | 'start', signal: AbortSignal): AsyncIterable<RecordedDelivery> {
    const prefixes = this.aggregates.map((name) => `${this.codec.prefix}${name}-`);
    for await (const chunk of chunks(this.store.subscribe(prefixes, from, signal), CHUNK))
      yield* await this.decoded(chunk);
  }

  /** One stream in order, from a revision on. */
  async *readStream(stream: string, from: bigint): AsyncIterable<Entry> {
    for await (const event of this.store.readStream(this.codec.prefix + stream, from)) {
      const [entry] = await this.codec.entries([event]);
      if (entry) yield entry;
    }
  }

  private async decoded(chunk: readonly StoreDelivery[]): Promise<RecordedDelivery[]> {
    const events = chunk.flatMap((delivery) => ('event' in delivery ? [delivery.event] : []));
    const entries = (await this.codec.entries(events)).values();
    return chunk.map((delivery) =>
      'event' in delivery ? (entries.next().value ?? { checkpoint: delivery.event.position }) : delivery,
    );
  }
}
