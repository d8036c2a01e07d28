import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Command, CommandResult, ReadState } from '#event-store';
import type { Alarm } from '#kernel';
import {
  Backoff,
  giveUpLeases,
  inTransaction,
  isAfter,
  LEASE_MS,
  newHolder,
  noteOf,
  ReadAhead,
  renewLeases,
  takeLeases,
  type Delivery,
  type EventSource,
  type Log,
  type StreamSource,
} from '#read-store';
import type { PolicyDefinition } from './definition.js';
import { IDLE_CHECKPOINT_MS, notStored, reactToEvents, storeCheckpoints } from './events.js';
import { answerDeadlines } from './firing.js';
import { anyFree, loadTravellers, policyLeases, policySchema, type Traveller } from './install.js';
import { Reactor } from './reactor.js';
import { isRetryAsked, retryParked } from './retry.js';
import type { Workshop } from './workshop.js';

const STANDBY_MS = 1_000;
const LARGEST_BATCH = 1_000;

export interface PolicyRunnerOptions {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly policies: readonly PolicyDefinition[];
  readonly source: EventSource & StreamSource;
  /** Deadlines come by this clock. */
  readonly clock: Alarm;
  readonly send: (command: Command) => Promise<CommandResult>;
  /** Reads folded streams as they are from now on, each once. */
  readonly freshReader: () => ReadState;
  readonly log?: Log | undefined;
}

export type PolicyRunnerState = 'standing by' | 'catching up' | 'live' | 'retrying' | 'stopped';

export interface PolicyRunnerStatus {
  /** `standing by` while another process runs the policies. */
  readonly state: PolicyRunnerState;
  readonly lastError?: { readonly message: string; readonly at: string };
  readonly policies: readonly {
    readonly name: string;
    readonly commit: bigint | undefined;
    readonly parkedStreams: number;
  }[];
  readonly nextDeadline: string | undefined;
}

/** Ends a session in order to begin another. */
class NewSession extends Error {}

/** Runs policies while it holds their leases: events first, then the deadlines that have come. Whatever fails, it starts again from what is stored. */
export class PolicyRunner {
  #state: PolicyRunnerState = 'standing by';
  #lastError: PolicyRunnerStatus['lastError'];
  #travellers: readonly Traveller[] = [];
  #nextDeadline: string | undefined;
  /** True while nothing is left to react to, as far as it knows. */
  #isIdle = false;
  /** The furthest position of an event that its own commands caused. */
  #sentTo = -1n;
  #settling = new Set<() => void>();
  readonly #stopped = new AbortController();
  readonly #holder = newHolder();
  readonly #backoff = new Backoff();
  readonly #schema: string;
  readonly #ended: Promise<void>;

  constructor(private readonly options: PolicyRunnerOptions) {
    this.#schema = policySchema(options.namespace);
    this.#ended = this.#run();
  }

  status(): PolicyRunnerStatus {
    return {
      state: this.#state,
      ...(this.#lastError && { lastError: this.#lastError }),
      policies: this.#travellers.map(({ policy, reached, parked }) => ({
        name: policy.name,
        commit: reached?.commit,
        parkedStreams: parked.size,
      })),
      nextDeadline: this.#nextDeadline,
    };
  }

  /** Resolves once it has reacted to everything up to a position and to all that followed from it, and no deadline is due. */
  async settled(position: bigint): Promise<void> {
    while (!this.#isSettled(position)) await new Promise<void>((resolve) => this.#settling.add(resolve));
  }

  /** Lets another process take over; what is under way is given up and done again there. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#ended;
    await giveUpLeases(this.options.pool, policyLeases(this.#schema), this.#holder).catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { signal: stopped } = this.#stopped;
    while (!stopped.aborted) {
      try {
        await this.#session(stopped);
      } catch (error) {
        if (error instanceof NewSession || this.#isStopped()) continue;
        const { reason } = noteOf(error);
        this.#lastError = { message: reason, at: new Date().toISOString() };
        this.options.log?.warn(`Policies start again from their checkpoints: ${reason}`);
        this.#state = 'retrying';
        await this.#backoff.wait(stopped);
      }
    }
    this.#state = 'stopped';
  }

  /** From taking the leases to the end of one subscription. */
  async #session(stopped: AbortSignal): Promise<void> {
    this.#isIdle = false;
    this.#travellers = await this.#take();
    if (this.#travellers.length === 0) {
      this.#state = 'standing by';
      await setTimeout(STANDBY_MS, undefined, { signal: stopped }).catch(() => undefined);
      return;
    }
    this.#state = 'catching up';
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, stopped]);
    const lowest = this.#lowest();
    const ahead = new ReadAhead(this.options.source.subscribe(lowest ?? 'start', signal), LARGEST_BATCH, signal);
    const keeper = setInterval(() => {
      this.#keepLeases().catch((error: unknown) => {
        ended.abort(error);
      });
    }, LEASE_MS / 3);
    try {
      await this.#work(ahead, signal);
      if (ended.signal.aborted) throw ended.signal.reason;
      if (!stopped.aborted) throw new Error('The subscription ended');
    } finally {
      clearInterval(keeper);
      ended.abort();
    }
  }

  async #take(): Promise<readonly Traveller[]> {
    const { pool, policies } = this.options;
    const names = policies.map(({ policy }) => policy.name);
    if (!(await anyFree(pool, this.#schema, names, this.#holder))) return [];
    return inTransaction(pool, async (client) => {
      const taken = await takeLeases(client, policyLeases(this.#schema), this.#holder, names);
      const held = policies.filter(({ policy }) => taken.has(policy.name));
      return loadTravellers(client, this.#schema, held);
    });
  }

  async #keepLeases(): Promise<void> {
    const { pool, policies } = this.options;
    const held = this.#travellers.map(({ policy }) => policy.name);
    await renewLeases(pool, policyLeases(this.#schema), this.#holder, held);
    const others = policies.map(({ policy }) => policy.name).filter((name) => !held.includes(name));
    if (await anyFree(pool, this.#schema, others)) throw new NewSession('More policies can be run');
    if (await isRetryAsked(pool, this.#schema, held)) throw new NewSession('An operator wants something done again');
  }

  async #work(ahead: ReadAhead<Delivery>, signal: AbortSignal): Promise<void> {
    const workshop = this.#workshop(signal);
    await retryParked(workshop, this.options.source);
    let coming: Promise<readonly Delivery[] | undefined> | undefined;
    for (;;) {
      if (this.#state === 'live') await this.#answerAllDue(workshop);
      coming ??= ahead.take();
      const batch = await this.#nextOf(coming);
      if (batch === 'deadline') continue;
      if (batch === 'idle') {
        await storeCheckpoints(workshop);
        continue;
      }
      if (batch === undefined) return;
      coming = undefined;
      this.#isIdle = false;
      await reactToEvents(workshop, batch);
      this.#backoff.reset();
      if (batch.some((delivery) => 'caughtUp' in delivery)) this.#state = 'live';
    }
  }

  /** Before it is live it cannot know which deadlines still stand. */
  async #answerAllDue(workshop: Workshop): Promise<void> {
    const { clock } = this.options;
    do this.#nextDeadline = await answerDeadlines(workshop);
    while (this.#nextDeadline !== undefined && this.#nextDeadline <= clock.now());
    this.#isIdle = true;
    for (const wake of this.#settling) wake();
    this.#settling = new Set();
  }

  /** What comes first: events, the next deadline, or enough idleness for checkpoints to be stored. */
  async #nextOf(coming: Promise<readonly Delivery[] | undefined>) {
    const over = new AbortController();
    const moment = this.#state === 'live' ? this.#nextDeadline : undefined;
    const { signal } = over;
    const deadline =
      moment === undefined ? [] : [this.options.clock.until(moment, signal).then(() => 'deadline' as const)];
    const idle =
      notStored({ travellers: this.#travellers }).length === 0
        ? []
        : [setTimeout(IDLE_CHECKPOINT_MS, 'idle' as const, { signal }).catch(() => 'idle' as const)];
    try {
      return await Promise.race([coming, ...deadline, ...idle]);
    } finally {
      over.abort();
    }
  }

  #workshop(signal: AbortSignal): Workshop {
    const { pool, clock, send, freshReader } = this.options;
    const sent = (position: bigint) => {
      if (position > this.#sentTo) this.#sentTo = position;
    };
    const reactor = new Reactor({ clock, send, sent }, signal);
    return { pool, schema: this.#schema, clock, travellers: this.#travellers, reactor, freshReader };
  }

  #lowest() {
    const reached = this.#travellers.map((one) => one.reached);
    return reached.reduce((low, position) => (isAfter(low, position) ? position : low), reached[0]);
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  #isSettled(position: bigint): boolean {
    const wanted = position > this.#sentTo ? position : this.#sentTo;
    const isPast = this.#nextDeadline === undefined || this.#nextDeadline > this.options.clock.now();
    return this.#isIdle && isPast && (this.#lowest()?.commit ?? -1n) >= wanted;
  }
}
