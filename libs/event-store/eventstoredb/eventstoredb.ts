import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import type { Position } from '#kernel';
import type { Appended, ExpectedRevision, NewEvent, StoredEvent, StoreDelivery } from '../event-store.js';
import { EventStore } from '../event-store.js';
import { ConcurrentWrite, EventStoreUnavailable } from '../failures.js';
import { pause, within } from './deadline.js';
import { Deliveries } from './deliveries.js';
import { isTransient } from './outcome.js';
import { storedEvent } from './stored-event.js';

/** How long one call may take before its outcome counts as unknown, and how often it is repeated then. */
const CALL_TIMEOUT = 5_000;
const TRIES = 8;

/** How many events a subscription passes over before the server tells where it is: window × interval. */
const CHECKPOINT = { maxSearchWindow: 32, checkpointInterval: 16 };

/** EventStoreDB and KurrentDB behind the port, through `@eventstore/db-client`; one client for the whole process. */
export class EventStoreDB extends EventStore {
  private readonly client: EventStoreDBClient;

  constructor(connectionString: string) {
    super();
    this.client = EventStoreDBClient.connectionString(connectionString);
  }

  override append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const batch = events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
    const expectedRevision = expected === 'no_stream' ? NO_STREAM : expected;
    return this.repeatedly(`append to ${stream}`, async () => {
      try {
        const { nextExpectedRevision, position } = await this.client.appendToStream(stream, batch, {
          expectedRevision,
        });
        if (position === undefined)
          throw new EventStoreUnavailable(`append to ${stream} was acknowledged without a place`);
        return { revision: nextExpectedRevision, position: { ...position } };
      } catch (error) {
        if (error instanceof WrongExpectedVersionError)
          throw new ConcurrentWrite(stream, String(expected), String(error.actualVersion));
        throw error;
      }
    });
  }

  override async *readStream(stream: string, from?: bigint): AsyncIterable<StoredEvent> {
    for (let next = from ?? 0n, attempt = 1; ; attempt++) {
      try {
        for await (const event of this.read(stream, next)) {
          next = event.revision + 1n;
          yield event;
        }
        return;
      } catch (error) {
        if (!isTransient(error) || attempt === TRIES) throw error;
        await pause(attempt);
      }
    }
  }

  override lastOf(stream: string): Promise<StoredEvent | undefined> {
    return this.repeatedly(`read the end of ${stream}`, async () => {
      try {
        const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
        for await (const resolved of this.client.readStream(stream, options)) return storedEvent(resolved);
      } catch (error) {
        if (!(error instanceof StreamNotFoundError)) throw error;
      }
      return undefined;
    });
  }

  override subscribe(
    prefixes: readonly string[],
    from: Position | 'start',
    signal: AbortSignal,
  ): AsyncIterable<StoreDelivery> {
    const filter = streamNameFilter({
      ...CHECKPOINT,
      prefixes: [...prefixes],
      checkpointReached: (_, checkpoint) => deliveries.mark({ checkpoint }),
    });
    const subscription = this.client.subscribeToAll({ fromPosition: from === 'start' ? START : from, filter });
    const deliveries = new Deliveries(
      subscription,
      (resolved) => {
        const event = storedEvent(resolved);
        return event && { event };
      },
      signal,
    );
    return deliveries;
  }

  override async close(): Promise<void> {
    await this.client.dispose();
  }

  private async *read(stream: string, fromRevision: bigint): AsyncIterable<StoredEvent> {
    try {
      const events = this.client.readStream(stream, { fromRevision })[Symbol.asyncIterator]();
      for (;;) {
        const next = await within(CALL_TIMEOUT, `read ${stream}`, events.next());
        if (next.done) return;
        const event = storedEvent(next.value);
        if (event) yield event;
      }
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
  }

  /** Repeats a call whose outcome is unknown: the same ids at the same revision make that safe. */
  private async repeatedly<T>(what: string, call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await within(CALL_TIMEOUT, what, call());
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (attempt === TRIES) throw new EventStoreUnavailable(what, error);
        await pause(attempt);
      }
    }
  }
}
