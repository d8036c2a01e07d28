import type { AnyProjection } from '#kernel';
import type { Pool } from 'pg';
import { BehaviorSubject, filter, firstValueFrom, throwError, timeout, type Observable } from 'rxjs';
import { z } from 'zod';
import { channelOf } from './checkpoints.js';
import { ReadModelBehind } from './failures.js';
import { schemasOf, type Schemas } from './schemas.js';

/** The last commit position that the living version of each projection has applied. */
export type Positions = ReadonlyMap<string, bigint>;

export interface ProgressOptions {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly projections: readonly AnyProjection[];
  /** How often checkpoints are read in case a notification was missed. */
  readonly pollMs?: number;
}

/** How far the read models are, in any process that reaches Postgres. */
export interface Progress {
  readonly positions$: Observable<Positions>;
  /** Resolves when all projections, or the named ones, have applied the position; else ReadModelBehind. */
  waitFor(position: bigint, timeoutMs: number, projections?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Follows the checkpoints: Postgres tells of each move, and a poll now and then makes up for what was not heard. */
export function watchProgress({ pool, namespace, projections, pollMs = 500 }: ProgressOptions): Progress {
  const watch = new ProgressWatch(pool, schemasOf(namespace));
  watch.start(pollMs);
  const all = projections.map(({ name }) => name);
  return {
    positions$: watch.positions$,
    waitFor: async (position, timeoutMs, names = all) => {
      const behind = () => names.filter((name) => (watch.positions$.value.get(name) ?? -1n) < position);
      if (behind().length === 0) return;
      void watch.refresh();
      await firstValueFrom(
        watch.positions$.pipe(
          filter(() => behind().length === 0),
          timeout({
            first: timeoutMs,
            with: () => throwError(() => new ReadModelBehind(position, behind(), timeoutMs)),
          }),
        ),
      );
    },
    close: () => watch.close(),
  };
}

const Move = z.object({
  commit: z.string().transform(BigInt),
  /** The schema of the living version of each projection that moved. */
  living: z.record(z.string(), z.string()),
});

interface Reached {
  readonly schema: string;
  readonly commit: bigint;
}

class ProgressWatch {
  readonly positions$ = new BehaviorSubject<Positions>(new Map());
  readonly #reached = new Map<string, Reached>();
  /** Gives up the connection that listens. */
  #hangUp: ((error?: Error) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly schemas: Schemas,
  ) {}

  start(pollMs: number): void {
    void this.refresh();
    this.#timer = setInterval(() => void this.refresh(), pollMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#refreshing;
    this.#hangUp?.();
    this.positions$.complete();
  }

  /** Reads the checkpoints, and listens again if the connection was lost; a failure is left to the next time. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#read()
      .catch(() => undefined)
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #read(): Promise<void> {
    await this.#listen();
    const { rows } = await this.pool.query<{ projection: string; schema: string; commit: string }>(
      `select projection, schema_name as schema, commit::text from ${this.schemas.readStore}.versions
       where state = 'living' and commit is not null`,
    );
    this.#advance(rows.map(({ projection, schema, commit }) => [projection, { schema, commit: BigInt(commit) }]));
  }

  async #listen(): Promise<void> {
    if (this.#hangUp !== undefined) return;
    const listener = await this.pool.connect();
    const hangUp = (error?: Error) => {
      if (this.#hangUp !== hangUp) return;
      this.#hangUp = undefined;
      listener.release(error ?? true);
    };
    this.#hangUp = hangUp;
    listener.on('error', hangUp);
    listener.on('notification', ({ payload }) => {
      const { commit, living } = Move.parse(JSON.parse(payload ?? '{}'));
      this.#advance(Object.entries(living).map(([projection, schema]) => [projection, { schema, commit }]));
    });
    await listener.query(`listen ${channelOf(this.schemas)}`).catch(hangUp);
  }

  /** A version only moves on; another one, shown by a switch or a rollback, may stand elsewhere. */
  #advance(moves: readonly (readonly [string, Reached])[]): void {
    const news = moves.filter(([projection, { schema, commit }]) => {
      const known = this.#reached.get(projection);
      return known === undefined || known.schema !== schema || known.commit < commit;
    });
    if (news.length === 0) return;
    for (const [projection, reached] of news) this.#reached.set(projection, reached);
    this.positions$.next(new Map([...this.#reached].map(([projection, { commit }]) => [projection, commit])));
  }
}
