import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
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
 * The client of the process. There is never more than one; one that stays silent is thrown away, and the next call builds
 * another, which then finds the new leader. A call that cannot build it fails, and the one after it tries again.
 */
export class Connection {
  readonly #closed = new AbortController();
  #generation = 0;
  /** None from when a client is thrown away until a call has built another. */
  #current: Tenancy | undefined;
  /** Resolves once the client thrown away last has let go of everything; never rejects. */
  #gone: Promise<void> = Promise.resolve();

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

  /** @throws EventStoreUnavailable when the connection was closed, EventStoreMisconfigured when no client can be built */
  lease(): Lease | Promise<Lease> {
    return this.#current ?? this.#gone.then(() => this.#next());
  }

  /** One call, within our own deadline. */
  call<T>(kind: Kind, what: string, work: (lease: Lease) => Promise<T>): Promise<T> {
    const lease = this.lease();
    return lease instanceof Promise
      ? lease.then((one) => this.#callOn(one, kind, what, work))
      : this.#callOn(lease, kind, what, work);
  }

  #callOn<T>(lease: Lease, kind: Kind, what: string, work: (lease: Lease) => Promise<T>): Promise<T> {
    return within(this.patience.answer, what, work(lease), {
      // Also an answer that comes too late shows that the client is alive.
      answered: () => {
        this.heard(lease, kind);
      },
      failed: (error) => {
        if (isTransient(error)) this.failed(lease, kind, error);
        else this.heard(lease, kind);
      },
    });
  }

  heard(lease: Lease, kind: Kind): void {
    lease.misses.set(kind, 0);
  }

  /** Two failures in a row, or one silence after which not even a single event can be read, and the client goes. */
  failed(lease: Lease, kind: Kind, error: unknown): void {
    const current = this.#current;
    if (current !== lease) return;
    const misses = (current.misses.get(kind) ?? 0) + 1;
    current.misses.set(kind, misses);
    if (misses >= MISSES) this.#replace(current, String(error));
    else if (error instanceof NoAnswer) void this.#probe(current);
  }

  /** Also for those who ask again it has ended only once everything is let go of. */
  close(): Promise<void> {
    this.#closed.abort();
    if (this.#current) this.#throwAway(this.#current);
    return this.#gone;
  }

  /** Of the calls that have waited together the first builds the client for all. */
  #next(): Tenancy {
    if (this.closed.aborted) throw new EventStoreUnavailable('the connection was closed');
    return (this.#current ??= this.#build());
  }

  async #probe(current: Tenancy): Promise<void> {
    const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
    try {
      const head = drain(current.client.readAll(options), { what: 'probe', silence: this.patience.probe });
      for await (const _ of head) break;
    } catch (error) {
      if (error instanceof NoAnswer && this.#current === current) this.#replace(current, error.message);
    }
  }

  #replace(old: Tenancy, why: string): void {
    // When everything fails at once there is no use in a new client for each failure.
    if (performance.now() - old.bornAt < this.patience.answer / 2) return;
    this.log?.warn(`The event store's client is replaced: ${why}`);
    this.#throwAway(old);
  }

  #throwAway(old: Tenancy): void {
    this.#current = undefined;
    this.#gone = this.#discard(old);
  }

  /** What the client owes is rejected before there is a new one. */
  async #discard({ client, end, closeChannels }: Tenancy): Promise<void> {
    end.abort();
    await within(this.patience.probe, 'dispose', client.dispose()).catch(() => undefined);
    closeChannels();
  }

  #build(): Tenancy {
    const end = new AbortController();
    const client = newClient(this.settings, this.#generation);
    this.#generation++;
    const { closeChannels } = guard(client);
    const appends = new Appends(client);
    return { client, appends, lost: end.signal, end, bornAt: performance.now(), misses: new Map(), closeChannels };
  }
}

function newClient(settings: ConnectionSettings, generation: number): EventStoreDBClient {
  // The client does not say which one is missing.
  const missing = settings.certificateFiles.find((file) => !existsSync(file));
  if (missing !== undefined) throw unusable(`the certificate file ${missing} is not there`);
  try {
    return quietly(() => EventStoreDBClient.connectionString(settings.urlOf(generation)));
  } catch (error) {
    throw unusable(error instanceof Error && !('connectionString' in error) ? error.message : 'it is malformed', error);
  }
}

const unusable = (why: string, cause?: unknown): EventStoreMisconfigured =>
  new EventStoreMisconfigured('connection string', `EVENTSTORE_URL cannot be used: ${why}`, cause);

/**
 * The client warns of a keep-alive as short as ours, on the console and each time. Anything else it may say, but its first
 * line only: behind it the whole connection string may stand, with its password.
 */
function quietly<T>(build: () => T): T {
  const warn: unknown = Reflect.get(console, 'warn');
  if (typeof warn !== 'function') return build();
  Reflect.set(console, 'warn', (...said: readonly unknown[]) => {
    const [line = ''] = String(said[0]).split('\n', 1);
    if (!line.startsWith('Specified KeepAliveInterval')) Reflect.apply(warn, console, [line]);
  });
  try {
    return build();
  } finally {
    Reflect.set(console, 'warn', warn);
  }
}
