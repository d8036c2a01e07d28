import { randomUUID } from 'node:crypto';
import type { EventData } from '@eventstore/db-client';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import type { EventStore, StoredEvent } from '#event-store';
import type { Grounds } from './grounds.js';
import { isClaim } from './people.js';
import { forEach, type Leads, type Turn } from './workload.js';

/** What our own run has stored of one lead: the same is appended raw. */
export interface Samples {
  readonly captured: StoredEvent;
  readonly claimed: StoredEvent;
  readonly returned: StoredEvent;
}

export async function samplesIn(store: EventStore, stream: string): Promise<Samples> {
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(stream)) events.push(event);
  const [captured, claimed, returned] = events;
  if (!captured || !claimed || !returned) throw new Error(`${stream} has ${events.length} events`);
  return { captured, claimed, returned };
}

/** The official client alone: no cache, no decision, no check; what it appends is made before the clock runs. */
export class RawClient {
  private readonly client: EventStoreDBClient;
  private readonly prefix: string;

  constructor(
    { eventStoreUrl, namespace }: Grounds,
    private readonly samples: Samples,
  ) {
    this.client = EventStoreDBClient.connectionString(eventStoreUrl);
    this.prefix = `${namespace}_raw-`;
  }

  capture(leads: readonly string[]): Promise<void> {
    return forEach(leads, (lead) =>
      this.client.appendToStream(this.prefix + lead, eventLike(this.samples.captured), { expectedRevision: NO_STREAM }),
    );
  }

  /** For each turn the append that it will be. */
  prepare(leads: Leads, turns: readonly Turn[]): (turn: Turn) => Promise<unknown> {
    const { claimed, returned } = this.samples;
    const prepared = new Map(
      turns.map((turn) => {
        const event = eventLike(isClaim(turn) ? claimed : returned);
        const options = { expectedRevision: BigInt(turn.nth) };
        return [turn, () => this.client.appendToStream(this.prefix + leads.of(turn), event, options)];
      }),
    );
    return (turn) => prepared.get(turn)?.() ?? Promise.reject(new Error('the turn was not prepared'));
  }

  /** Reads the stream of a lead to its end. */
  async read(lead: string): Promise<void> {
    for await (const _ of this.client.readStream(this.prefix + lead));
  }

  close(): Promise<void> {
    return this.client.dispose();
  }
}

const eventLike = ({ type, data, metadata }: StoredEvent): EventData =>
  jsonEvent({ id: randomUUID(), type, data: { ...objectOf(data) }, metadata: { ...objectOf(metadata) } });

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
