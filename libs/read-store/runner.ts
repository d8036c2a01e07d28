import type { Position } from '#kernel';
import { Backoff } from './backoff.js';
import type { ReadModels } from './install.js';
import { lockUntilCommit } from './migrations.js';
import { inTransaction, withClient } from './pool.js';
import { Projector } from './projector.js';
import { ReadAhead } from './read-ahead.js';
import { schemasOf } from './schemas.js';
import type { Delivery, EventSource } from './source.js';
import { showVersions } from './surface.js';
import { anyReady, loadVersions, type VersionState } from './versions.js';

/** How much is read ahead of the batch being written, and so the largest batch. */
const LARGEST_BATCH = 5_000;
/** How often a checkpoint is stored while nothing of interest happens. */
const IDLE_CHECKPOINT_MS = 1_000;

export interface RunnerOptions extends ReadModels {
  readonly source: EventSource;
  readonly log?: { log(message: string): void; warn(message: string): void };
  readonly largestBatch?: number;
}

export interface RunnerStatus {
  readonly state: 'starting' | 'catching up' | 'live' | 'retrying' | 'stopped';
  /** Events read and not yet written. */
  readonly waiting: number;
  readonly lastError?: { readonly message: string; readonly at: string };
  readonly projections: readonly {
    readonly name: string;
    readonly schema: string;
    readonly state: VersionState;
    readonly position: Position | undefined;
    /** Streams whose events wait in dead letters: above zero the projection is degraded. */
    readonly parkedStreams: number;
  }[];
}

/** Keeps the read models up with the log until stopped. */
export interface RunningProjections {
  status(): RunnerStatus;
  /** Finishes the batch under way and stops. */
  stop(): Promise<void>;
}

/** One reader of the log feeds all projections. Whatever fails, it starts again from the stored checkpoints: nothing is lost or skipped. */
export function runProjections(options: RunnerOptions): RunningProjections {
  const runner = new ProjectionRunner(options);
  const ended = runner.run();
  return {
    status: () => runner.status(),
    stop: async () => {
      runner.stop();
      await ended;
    },
  };
}

class ProjectionRunner {
  readonly #stopped = new AbortController();
  readonly #backoff = new Backoff();
  readonly #schemas;
  #state: RunnerStatus['state'] = 'starting';
  #lastError: RunnerStatus['lastError'];
  #projector: Projector | undefined;
  #ahead: ReadAhead<Delivery> | undefined;

  constructor(private readonly options: RunnerOptions) {
    this.#schemas = schemasOf(options.namespace);
  }

  stop(): void {
    this.#stopped.abort();
  }

  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#session();
      } catch (error) {
        this.#lastError = { message: String(error), at: new Date().toISOString() };
        this.options.log?.warn(`Projections start again from their checkpoints: ${String(error)}`);
      }
      this.#state = 'retrying';
      await this.#backoff.wait(this.#stopped.signal);
    }
    this.#state = 'stopped';
  }

  status(): RunnerStatus {
    const projections = (this.#projector?.travellers() ?? []).map(({ version, reached, parked }) => ({
      name: version.projection.name,
      schema: version.schema,
      state: version.state,
      position: reached,
      parkedStreams: parked.size,
    }));
    const status = { state: this.#state, waiting: this.#ahead?.waiting ?? 0, projections };
    return this.#lastError === undefined ? status : { ...status, lastError: this.#lastError };
  }

  /** From loading the checkpoints to the end of one subscription. */
  async #session(): Promise<void> {
    const { pool, projections, source, largestBatch = LARGEST_BATCH } = this.options;
    const versions = await withClient(pool, (client) => loadVersions(client, this.#schemas, projections));
    const projector = (this.#projector = new Projector(pool, this.#schemas, versions));
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, this.#stopped.signal]);
    const deliveries = source.subscribe(projector.lowest ?? 'start', signal);
    const ahead = (this.#ahead = new ReadAhead(deliveries, largestBatch, signal));
    this.#state = 'catching up';
    try {
      await this.#follow(projector, ahead);
    } finally {
      ended.abort();
    }
  }

  async #follow(projector: Projector, ahead: ReadAhead<Delivery>): Promise<void> {
    let held: readonly Delivery[] = [];
    let due = Infinity;
    for (;;) {
      const batch = await ahead.take(held.length > 0 ? due - Date.now() : undefined);
      if (batch === undefined) return;
      const isIdle = [...held, ...batch].every((delivery) => 'checkpoint' in delivery);
      if (isIdle) {
        held = [...held, ...batch].slice(-1);
        due = Math.min(due, Date.now() + IDLE_CHECKPOINT_MS);
        if (Date.now() < due) continue;
      }
      await projector.apply([...held, ...batch]);
      [held, due] = [[], Infinity];
      this.#backoff.reset();
      if (batch.some((delivery) => 'caughtUp' in delivery)) await this.#caughtUp(projector);
    }
  }

  /** What has been built up to here is from now on what readers see. */
  async #caughtUp(projector: Projector): Promise<void> {
    const { pool, projections } = this.options;
    const schemas = projector.travellers().map(({ version }) => version.schema);
    await inTransaction(pool, async (client) => {
      await lockUntilCommit(client, this.#schemas.readStore);
      if (await anyReady(client, this.#schemas, schemas)) await showVersions(client, this.#schemas, projections);
    });
    this.#state = 'live';
  }
}
