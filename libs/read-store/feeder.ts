import { setTimeout } from 'node:timers/promises';
import { isMuchLog, type AnyProjection } from '#kernel';
import type { Pool } from 'pg';
import { Backoff } from './backoff.js';
import { noteOf } from './failure-note.js';
import { CheckpointMoved } from './failures.js';
import {
  anyFree,
  heldByOthers,
  type Leased,
  LEASE_MS,
  LeaseLost,
  renewLeases,
  takeLeases,
  versionLeases,
} from './lease.js';
import { inTransaction } from './pool.js';
import { Projector } from './projector.js';
import { ReadAhead } from './read-ahead.js';
import { fingerprint, type Schemas } from './schemas.js';
import { interestOf, positionOf, type Delivery, type EventSource } from './source.js';
import { loadVersions, type Version, type VersionState } from './versions.js';

const STANDBY_MS = 1_000;
/** While old events are read, batches are not smaller than this: each costs the same again. */
const SMALLEST = { building: 5_000, 'catching up': 1_000 };
/** But nothing waits longer than this for more to come. */
const LONGEST_GATHERING_MS = 500;
/** How often a checkpoint is stored while nothing of interest happens. */
const IDLE_CHECKPOINT_MS = 1_000;

export interface Log {
  log(message: string): void;
  warn(message: string): void;
}

export interface FeederOptions {
  readonly pool: Pool;
  readonly schemas: Schemas;
  readonly projections: readonly AnyProjection[];
  readonly source: EventSource;
  readonly holder: string;
  /** How long the process may be silent before another one feeds what it holds. */
  readonly leaseMs?: number | undefined;
  /** It feeds all free versions in one of these states. */
  readonly states: readonly VersionState[];
  /** How much is read ahead of the batch being written, and so the largest batch. */
  readonly largestBatch: number;
  /** Nobody reads what is being built: rows go in by COPY, and a crash of Postgres may lose commits, with their checkpoints. */
  readonly isBuild?: boolean;
  readonly log?: Log | undefined;
  /** Told after each batch. */
  readonly applied?: (versions: Projector, deliveries: number, ms: number) => void;
  /** Told of each failure after which it starts again. */
  readonly failed?: (error: unknown) => void;
  /** All that was in the log has been applied; `over` ends the subscription. */
  caughtUp(versions: readonly Version[]): Promise<'go on' | 'over'>;
  /** Told again and again while there is nothing that it may feed. */
  readonly standingBy?: () => Promise<void>;
}

export type FeederState = 'standing by' | 'catching up' | 'live' | 'retrying' | 'stopped';

/** Ends a session in order to begin another. */
class NewSession extends Error {}

/** Feeds versions from one subscription while it holds their leases. Whatever fails, it starts again from the stored checkpoints. */
export class Feeder {
  state: FeederState = 'standing by';
  lastError: { readonly message: string; readonly at: string } | undefined;
  projector: Projector | undefined;
  ahead: ReadAhead<Delivery> | undefined;
  readonly #backoff = new Backoff();
  readonly #fingerprints: readonly string[];
  readonly #leases: Leased;

  constructor(private readonly options: FeederOptions) {
    this.#fingerprints = options.projections.map(fingerprint);
    this.#leases = versionLeases(options.schemas, options.leaseMs);
  }

  async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      try {
        await this.#session(stopped);
      } catch (error) {
        if (error instanceof NewSession) continue;
        if (await this.#isPlanned(error)) {
          this.options.log?.log('Versions were switched, repaired or dropped: projections go on with what there is');
          continue;
        }
        this.#tellFailure(error);
        await this.#backoff.wait(stopped);
      }
    }
    this.state = 'stopped';
  }

  /** An operator called the versions back, since nobody else has taken one over: those that are left are still ours. */
  async #isPlanned(error: unknown): Promise<boolean> {
    if (!(error instanceof CheckpointMoved || error instanceof LeaseLost)) return false;
    const { pool, schemas, holder } = this.options;
    const fed = this.projector?.travellers().map(({ version }) => version.schema) ?? [];
    return (await heldByOthers(pool, versionLeases(schemas), holder, fed).catch(() => undefined)) === false;
  }

  #tellFailure(error: unknown): void {
    const { reason } = noteOf(error);
    this.lastError = { message: reason, at: new Date().toISOString() };
    this.options.failed?.(error);
    this.options.log?.warn(`Projections start again from their checkpoints: ${reason}`);
    this.state = 'retrying';
  }

  /** From taking the leases to the end of one subscription. */
  async #session(stopped: AbortSignal): Promise<void> {
    const versions = await this.#takeVersions();
    if (versions.length === 0) {
      this.state = 'standing by';
      await this.options.standingBy?.();
      await setTimeout(STANDBY_MS, undefined, { signal: stopped }).catch(() => undefined);
      return;
    }
    const { pool, schemas, source, largestBatch, isBuild = false, leaseMs = LEASE_MS } = this.options;
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, stopped]);
    this.projector = new Projector(pool, schemas, versions, { isBuild });
    const interest = interestOf(versions.map(({ projection }) => projection));
    const deliveries = source.subscribe(this.projector.lowest ?? 'start', signal, interest);
    const smallest = isBuild ? SMALLEST.building : SMALLEST['catching up'];
    this.ahead = new ReadAhead(deliveries, largestBatch, signal, {
      isEnough: (delivery, waiting) => this.state === 'live' || waiting >= smallest || 'caughtUp' in delivery,
      patienceMs: LONGEST_GATHERING_MS,
      isFull: (first, last) => isMuchLog(positionOf(first), positionOf(last)),
    });
    this.state = 'catching up';
    const keeper = setInterval(() => {
      this.#keepLeases(versions).catch((error: unknown) => {
        ended.abort(error);
      });
    }, leaseMs / 3);
    try {
      await this.#follow(versions, this.projector, this.ahead);
      if (ended.signal.aborted) throw ended.signal.reason;
      if (!stopped.aborted) throw new Error('The subscription ended');
    } finally {
      clearInterval(keeper);
      ended.abort();
    }
  }

  async #takeVersions(): Promise<readonly Version[]> {
    const { pool, schemas, projections, holder, states } = this.options;
    this.projector = undefined;
    if (!(await anyFree(pool, schemas, this.#fingerprints, states, holder))) return [];
    return inTransaction(pool, async (client) => {
      const known = await loadVersions(client, schemas, projections, states);
      const taken = await takeLeases(
        client,
        this.#leases,
        holder,
        known.map(({ schema }) => schema),
      );
      const versions = await loadVersions(client, schemas, projections, states);
      return versions.filter(({ schema }) => taken.has(schema));
    });
  }

  async #keepLeases(versions: readonly Version[]): Promise<void> {
    const { pool, schemas, holder, states } = this.options;
    await renewLeases(
      pool,
      this.#leases,
      holder,
      versions.map(({ schema }) => schema),
    );
    if (await anyFree(pool, schemas, this.#fingerprints, states)) throw new NewSession('More versions can be fed');
  }

  async #follow(versions: readonly Version[], projector: Projector, ahead: ReadAhead<Delivery>): Promise<void> {
    let held: readonly Delivery[] = [];
    let due = Infinity;
    for (;;) {
      const taken = await ahead.take(held.length > 0 ? due - Date.now() : undefined);
      if (taken === undefined) return;
      const batch = [...held, ...taken];
      if (batch.length === 0) continue;
      if (batch.every((delivery) => 'checkpoint' in delivery)) {
        held = batch.slice(-1);
        due = Math.min(due, Date.now() + IDLE_CHECKPOINT_MS);
        if (Date.now() < due) continue;
      }
      const start = performance.now();
      await projector.apply(batch);
      [held, due] = [[], Infinity];
      this.#backoff.reset();
      this.options.applied?.(projector, batch.length, performance.now() - start);
      if (!batch.some((delivery) => 'caughtUp' in delivery)) continue;
      if ((await this.options.caughtUp(versions)) === 'over') throw new NewSession();
      this.state = 'live';
    }
  }
}
