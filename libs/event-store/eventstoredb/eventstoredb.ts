import type { Position } from '#kernel';
import type { Appended, ExpectedRevision, NewEvent, StoredEvent, StoreDelivery } from '../event-store.js';
import { EventStore } from '../event-store.js';
import { StreamDeleted } from '../failures.js';
import { checkConnection } from './check.js';
import { Connection, type Lease } from './connection.js';
import { Effort } from './effort.js';
import { follow } from './follow.js';
import type { EventStoreDBOptions, Patience } from './options.js';
import { PATIENCE } from './options.js';
import { failureOf } from './outcome.js';
import { Inbox } from './inbox.js';
import { openRead, type Range } from './lean-read.js';
import type { ReadResponse } from './read-response.js';
import { arrivals } from './reading.js';
import { type ConnectionSettings, readConnectionString } from './settings.js';
import { checkStorable } from './storable.js';

/** EventStoreDB and KurrentDB behind the port, through `@eventstore/db-client`. A process has one of these. */
export class EventStoreDB extends EventStore {
  private readonly settings: ConnectionSettings;
  private readonly patience: Patience;
  private readonly connection: Connection;

  /** @throws EventStoreMisconfigured when the connection string cannot work */
  constructor(
    connectionString: string,
    private readonly options: EventStoreDBOptions = {},
  ) {
    super();
    this.settings = readConnectionString(connectionString);
    this.patience = { ...PATIENCE, ...options.patience };
    this.connection = new Connection(this.settings, this.patience, options.log);
  }

  /** Reads one event and writes nothing. @throws EventStoreMisconfigured, at once, when only a person can help */
  check(): Promise<void> {
    return this.effort('check the event store').until(() =>
      checkConnection(this.connection, this.settings, this.patience),
    );
  }

  override async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    checkStorable(stream, events);
    // The server gives up before we do: a repeat of what it still works on gets no answer before that.
    const append = { stream, expected, events, deadline: 0.8 * this.patience.answer };
    const what = `append to ${stream}`;
    // The same ids at the same revision, whatever became of the tries before: the server tells what it has from what is new.
    const send = ({ appends }: Lease) => appends.append(append);
    const { revision, position } = await this.effort(what).until(() => this.connection.call('append', what, send));
    return { revision, position: position ?? (await this.placeOf(stream, revision)) };
  }

  override async *readStream(stream: string, from = 0n): AsyncIterable<StoredEvent> {
    const effort = this.effort(`read ${stream}`);
    for (let next = from; ;) {
      try {
        for await (const event of this.read(stream, { from: next })) {
          next = event.revision + 1n;
          effort.progressed();
          yield event;
        }
        return;
      } catch (error) {
        await effort.failed(error);
      }
    }
  }

  override lastOf(stream: string): Promise<StoredEvent | undefined> {
    return this.effort(`read the end of ${stream}`).until(() => first(this.read(stream, 'last')));
  }

  override subscribe(
    prefixes: readonly string[],
    from: Position | 'start',
    signal: AbortSignal,
    types?: ReadonlySet<string>,
  ): AsyncIterable<StoreDelivery> {
    const { patience, options } = this;
    return follow(this.connection, { prefixes, types, from, signal, patience, log: options.log });
  }

  override close(): Promise<void> {
    return this.connection.close();
  }

  /** One read, as far as it comes. */
  private async *read(stream: string, range: Range): AsyncIterable<StoredEvent> {
    const lease = await this.connection.lease();
    const inbox = new Inbox<ReadResponse>(openRead(lease.client, stream, range));
    const options = { what: `read ${stream}`, silence: this.patience.answer, lost: lease.lost };
    try {
      for await (const responses of arrivals(inbox, options))
        for (const response of responses) if (typeof response === 'object' && 'event' in response) yield response.event;
      this.connection.heard(lease, 'read');
    } catch (error) {
      const failure = failureOf(error, stream);
      this.connection.failed(lease, 'read', failure);
      throw failure;
    }
  }

  /** A repeated append is acknowledged without a place when what it wrote has been deleted since. */
  private async placeOf(stream: string, revision: bigint): Promise<Position> {
    const event = await first(this.readStream(stream, revision));
    if (event?.revision !== revision) throw new StreamDeleted(stream);
    return event.position;
  }

  private effort(what: string): Effort {
    return new Effort(what, this.patience, this.connection.closed);
  }
}

async function first<T>(values: AsyncIterable<T>): Promise<T | undefined> {
  for await (const value of values) return value;
  return undefined;
}
