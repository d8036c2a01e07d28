import { Client } from 'pg';
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import type { AnyProjection, RecordedEvent } from '#kernel';
import {
  createPool,
  installReadModels,
  type Progress,
  runProjections,
  type RunnerOptions,
  type RunningProjections,
  watchProgress,
} from '#read-store';
import { type ItemEvent, itemEvent, items, moves, take } from './items.js';
import { MemoryLog } from './memory-log.js';

/** A busy machine may take many times as long as an idle one. Nobody waits this long for what comes. */
export const WAIT_MS = 120_000;

/** A log, a tenant of its own for each test, and runners that end with it. */
export class Rig {
  namespace = '';
  pool;
  log = new MemoryLog();
  progress!: Progress;
  readonly #running: RunningProjections[] = [];
  #tests = 0;
  #place = 0;

  constructor(private readonly databaseUrl: string) {
    this.pool = createPool(databaseUrl);
    beforeEach(async () => {
      await this.pool.end();
      this.namespace = `t${this.#tests++}`;
      this.pool = this.newPool();
      this.progress = watchProgress({ pool: this.pool, namespace: this.namespace, projections: [items, moves] });
      this.log = new MemoryLog();
    });
    afterEach(async () => {
      await Promise.all(this.#running.splice(0).map((one) => one.stop()));
      await this.progress.close();
    });
    afterAll(() => this.pool.end());
  }

  newPool = () => createPool(this.databaseUrl, { namespace: this.namespace });

  /** The commit position of the last event. */
  get head(): bigint {
    return BigInt(this.#place * 100);
  }

  install = (projections: readonly AnyProjection[]) =>
    installReadModels({ pool: this.pool, namespace: this.namespace, projections });

  async start(projections: readonly AnyProjection[] = [items, moves], options: Partial<RunnerOptions> = {}) {
    await this.install(projections);
    const { pool, namespace, log: source } = this;
    const runner = runProjections({ pool, namespace, projections, source, ...options });
    this.#running.push(runner);
    return runner;
  }

  happens(...events: readonly ItemEvent[]): RecordedEvent[] {
    const recorded = events.map((event) => itemEvent(++this.#place, event));
    this.log.append(...recorded);
    return recorded;
  }

  /** An event that touches no item, and says that the keys of these data subjects are gone. */
  erases(...subjects: readonly string[]): void {
    this.log.append({ ...itemEvent(++this.#place, take('nothing')), erases: subjects });
  }

  /** Waits until the projections, if not all then the named ones, have seen everything. */
  applied = (...names: readonly string[]) =>
    this.progress.waitFor(this.head, WAIT_MS, names.length > 0 ? names : undefined);

  /** Asks over a connection of its own: those of the pool may just have been broken. */
  rowsOf = async (query: string) => {
    const client = new Client(this.pool.options);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(query)).rows;
    } finally {
      await client.end();
    }
  };
}

/** Resolves once the condition holds; the test's time-out ends it otherwise. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setTimeout(5);
}

/** Tries until all that is expected holds at once; what never does is told as it failed last. */
export async function eventually(expectations: () => Promise<void>): Promise<void> {
  for (const deadline = performance.now() + WAIT_MS; ; await setTimeout(5))
    try {
      return await expectations();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
}
