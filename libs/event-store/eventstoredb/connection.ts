import { setMaxListeners } from 'node:events';
import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import { EventStoreMisconfigured, EventStoreUnavailable } from '../failures.js';
import { Appends } from './appends.js';
import { guard } from './client-guard.js';
import { NoAnswer, within } from './deadline.js';
import type { EventStoreDBOptions, Patience } from './options.js';
import { isTransient } from './outcome.js';
import { drain } from './reading.js';
import type { ConnectionSettings } from './settings.js';

/** Appends travel apart from reads: one way may be dead while the other works. */
export type Kind = 'append' | 'read' | 'subscription';

/** This many failures in a row cost a client its life. */
const MISSES = 2;

/** The client in use, until it is thrown away. */
export interface Lease {
  readonly client: EventStoreDBClient;
  /** The way of its appends. */
  readonly appends: Appends;
  /** Aborted when the client is thrown away; what it then still brings may be cut short without a word. */
  readonly lost: AbortSignal;
  /** How often calls of each kind have failed since one was answered. */
  readonly misses: Map<Kind, number>;
}

interface Tenancy extends Lease {
  readonly end: AbortController;
  readonly bornAt: number;
  readonly closeChannels: () => void;
}

/**
 * The client of the process. There is one at any moment; one that stays silent is thrown away and another built, which
 * then finds the new leader.
 */
export class Connection {
  readonly #closed = new AbortController();
  #generation = 0;
  /** A promise only while one client takes the place of another. */
  #current: Tenancy | Promise<Tenancy>;

  constructor(
    private readonly settings: ConnectionSettings,
    private readonly patience: Patience,
    private readonly log: EventStoreDBOptions['log'],
  ) {
    // Every call that pauses before its next try listens.
    setMaxListeners(0, this.#closed.signal);
    this.#current = this.#build();
  }

  /** Aborted once nothing more will be answered. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** @throws EventStoreUnavailable when the connection was closed */
  lease(): Lease | Promise<Lease> {
    if (this.closed.aborted) return Promise.reject(new EventStoreUnavailable('the connection was closed'));
    return this.#current;
  }

  /** One call, within our own deadline. */
  call<T>(kind: Kind, what: string, work: (lease: Lease) => Promise<T>): Promise<T> {
    const lease = this.lease();
    return lease instanceof Promise
      ? lease.then((one) => this.#callOn(one, kind, what, work))
      : this.#callOn(lease, kind, what, work);
  }

  #callOn<T>(lease: Lease, kind: Kind, what: string, work: (lease: Lease) => Promise<T>): Promise<T> {
    // Also an answer that comes too late shows that the client is alive.
    const answer = within(this.patience.answer, what, work(lease), () => this.heard(lease, kind));
    return answer.catch((error: unknown) => {
      if (isTransient(error)) this.failed(lease, kind, error);
      else this.heard(lease, kind);
      throw error;
    });
  }

  heard(lease: Lease, kind: Kind): void {
    lease.misses.set(kind, 0);
  }

  /** Two failures in a row, or one silence after which not even a single event can be read, and the client goes. */
  failed(lease: Lease, kind: Kind, error: unknown): void {
    void this.#ifCurrent(lease, (current) => {
      const misses = (current.misses.get(kind) ?? 0) + 1;
      current.misses.set(kind, misses);
      if (misses >= MISSES) this.#replace(current, String(error));
      else if (error instanceof NoAnswer) void this.#probe(current);
    });
  }

  async close(): Promise<void> {
    if (this.closed.aborted) return;
    this.#closed.abort();
    await this.#discard(await this.#current);
  }

  async #ifCurrent(lease: Lease, act: (current: Tenancy) => void): Promise<void> {
    const current = await this.#current;
    if (current === lease && !current.lost.aborted && !this.closed.aborted) act(current);
  }

  async #probe(current: Tenancy): Promise<void> {
    const { client } = current;
    const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
    const head = drain(client.readAll(options), { what: 'probe', silence: this.patience.probe });
    try {
      for await (const _ of head) break;
    } catch (error) {
      if (error instanceof NoAnswer) await this.#ifCurrent(current, () => this.#replace(current, error.message));
    }
  }

  #replace(old: Tenancy, why: string): void {
    // When everything fails at once there is no use in a new client for each failure.
    if (performance.now() - old.bornAt < this.patience.answer / 2) return;
    this.log?.warn(`The event store's client is replaced: ${why}`);
    old.end.abort();
    this.#current = this.#discard(old).then(() => this.#build());
  }

  /** What the client owes is rejected before there is a new one. */
  async #discard({ client, end, closeChannels }: Tenancy): Promise<void> {
    end.abort();
    await within(this.patience.probe, 'dispose', client.dispose()).catch(() => undefined);
    closeChannels();
  }

  #build(): Tenancy {
    const end = new AbortController();
    const client = newClient(this.settings.urlOf(this.#generation++));
    const { closeChannels } = guard(client);
    const appends = new Appends(client);
    return { client, appends, lost: end.signal, end, bornAt: performance.now(), misses: new Map(), closeChannels };
  }
}

function newClient(url: string): EventStoreDBClient {
  try {
    return quietly(() => EventStoreDBClient.connectionString(url));
  } catch (error) {
    const message = error instanceof Error && !('connectionString' in error) ? error.message : 'it is malformed';
    throw new EventStoreMisconfigured('connection string', `EVENTSTORE_URL cannot be used: ${message}`, error);
  }
}

/** The client warns of a keep-alive as short as ours, on the console and each time; anything else it may say. */
function quietly<T>(build: () => T): T {
  const warn: unknown = Reflect.get(console, 'warn');
  if (typeof warn !== 'function') return build();
  Reflect.set(console, 'warn', (...said: readonly unknown[]) => {
    if (!String(said[0]).startsWith('Specified KeepAliveInterval')) Reflect.apply(warn, console, said);
  });
  try {
    return build();
  } finally {
    Reflect.set(console, 'warn', warn);
  }
}
