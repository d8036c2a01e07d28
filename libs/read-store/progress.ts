import { isDeepStrictEqual } from 'node:util';
import type { AnyProjection } from '#kernel';
import type { Pool } from 'pg';
import { BehaviorSubject, filter, firstValueFrom, throwError, timeout, type Observable } from 'rxjs';
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

/** Follows the checkpoints: read whenever Postgres tells of a move while somebody waits, and now and then in case that was not heard. */
export function watchProgress({ pool, namespace, projections, pollMs = 500 }: ProgressOptions): Progress {
  const watch = new ProgressWatch(pool, schemasOf(namespace));
  watch.start(pollMs);
  const all = projections.map(({ name }) => name);
  return {
    positions$: watch.positions$,
    waitFor: async (position, timeoutMs, names = all) => {
      const behind = () => names.filter((name) => (watch.positions$.value.get(name) ?? -1n) < position);
      if (behind().length === 0) return;
      const heard = firstValueFrom(
        watch.positions$.pipe(
          filter(() => behind().length === 0),
          timeout({
            first: timeoutMs,
            with: () => throwError(() => new ReadModelBehind(position, behind(), timeoutMs)),
          }),
        ),
      );
      watch.refresh();
      await heard;
    },
    close: () => watch.close(),
  };
}

class ProgressWatch {
  readonly positions$ = new BehaviorSubject<Positions>(new Map());
  /** Gives up the connection that listens. */
  #hangUp: ((error?: Error) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #isAskedAgain = false;

  constructor(
    private readonly pool: Pool,
    private readonly schemas: Schemas,
  ) {}

  start(pollMs: number): void {
    this.refresh();
    this.#timer = setInterval(() => {
      this.refresh();
    }, pollMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading;
    this.#hangUp?.();
    this.positions$.complete();
  }

  /** Reads the checkpoints; asked while a reading is under way, once more after it, however often. */
  refresh(): void {
    this.#isAskedAgain = true;
    this.#reading ??= this.#readWhileAsked().finally(() => (this.#reading = undefined));
  }

  async #readWhileAsked(): Promise<void> {
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      // A failure is left to the next time.
      await this.#read().catch(() => undefined);
    }
  }

  /** Listens again if the connection was lost. */
  async #read(): Promise<void> {
    await this.#listen();
    const { rows } = await this.pool.query<{ projection: string; commit: string }>(
      `select projection, commit::text from ${this.schemas.readStore}.versions
       where state = 'living' and commit is not null`,
    );
    const positions = new Map(rows.map(({ projection, commit }) => [projection, BigInt(commit)]));
    if (!isDeepStrictEqual(positions, this.positions$.value)) this.positions$.next(positions);
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
    // Whoever reaches the database may notify: what is told is a hint to look, and never believed.
    listener.on('notification', () => {
      if (this.positions$.observed) this.refresh();
    });
    await listener.query(`listen ${channelOf(this.schemas)}`).catch(hangUp);
  }
}
