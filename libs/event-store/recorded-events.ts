import type { Position, RecordedEvent } from '#kernel';
import type { Codec } from './codec.js';
import type { EventStore } from './event-store.js';

/** What a reader of all events gets, in the order of the log. */
export type RecordedDelivery =
  { readonly event: RecordedEvent } | { readonly checkpoint: Position } | { readonly caughtUp: true };

/** All events of the domain in the order of the log, decoded and unsealed: what projections and policies read. */
export class RecordedEvents {
  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
    /** The names of all aggregates; their streams are read, and nothing else that shares the store. */
    private readonly deciders: readonly string[],
  ) {}

  /** All after `from`: history, then live, until aborted or broken off. An event of an unknown type becomes a checkpoint. */
  async *subscribe(from: Position | 'start', signal: AbortSignal): AsyncIterable<RecordedDelivery> {
    const prefixes = this.deciders.map((name) => `${this.codec.prefix}${name}-`);
    for await (const delivery of this.store.subscribe(prefixes, from, signal)) {
      if (!('event' in delivery)) {
        yield delivery;
        continue;
      }
      const [event] = await this.codec.decode([delivery.event]);
      yield event ? { event } : { checkpoint: delivery.event.position };
    }
  }
}
