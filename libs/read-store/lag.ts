import type { Position } from '#kernel';
import { isAfter } from './batch-fold.js';
import type { ReadModels } from './install.js';
import { schemasOf } from './schemas.js';
import { positionOf } from './versions.js';

/** Where an event lies and when it was recorded: all that counting needs. */
export interface Place {
  readonly position: Position;
  readonly recordedAt: string | undefined;
}

/** A log that tells what it holds without decoding it. */
export interface CountableLog {
  /** The events after a position, up to the end of the log as it is now. */
  placesAfter(from: Position | 'start', signal: AbortSignal): AsyncIterable<Place>;
}

/** Somebody on the way through the log. */
export interface Checkpoint {
  readonly name: string;
  /** Undefined before the first event. */
  readonly position: Position | undefined;
}

/** How far somebody is behind the log. */
export interface Lag {
  readonly name: string;
  /** Events of the domain after the checkpoint: counted, since positions are bytes. */
  readonly events: number;
  /** Counting stopped here; there are at least so many. */
  readonly isAtLeast: boolean;
  /** How long ago the first of them was recorded; 0 when there is none. */
  readonly seconds: number;
}

export interface LagMeasurement {
  readonly checkpoints: readonly Checkpoint[];
  readonly log: CountableLog;
  readonly now: string;
  /** Ends the counting, if the log does not answer. */
  readonly signal: AbortSignal;
  /** Counting stops here, so that a long way behind costs no more than a short one. */
  readonly most?: number;
}

const MOST = 2_000;

/** Counts from the checkpoint that is furthest behind to the end of the log, once for all. */
export async function measureLag({
  checkpoints,
  now,
  most = MOST,
  ...counting
}: LagMeasurement): Promise<readonly Lag[]> {
  const ahead = checkpoints.length === 0 ? [] : await placesAfter(lowestOf(checkpoints), counting, most);
  return checkpoints.map(({ name, position: reached }) => {
    const first = ahead.findIndex(({ position }) => isAfter(position, reached));
    const events = first === -1 ? 0 : ahead.length - first;
    const since = first === -1 ? undefined : ahead[first]?.recordedAt;
    const seconds = since === undefined ? 0 : Math.max(0, Date.parse(now) - Date.parse(since)) / 1000;
    return { name, events, isAtLeast: events > 0 && ahead.length === most, seconds };
  });
}

/** Up to where readers see each projection. */
export async function shownCheckpoints({
  pool,
  namespace,
}: Pick<ReadModels, 'pool' | 'namespace'>): Promise<readonly Checkpoint[]> {
  const { rows } = await pool.query<{ name: string; commit: string | null; prepare: string | null }>(
    `select projection as name, commit::text, prepare::text from ${schemasOf(namespace).readStore}.versions
     where state = 'living' order by place`,
  );
  return rows.map((row) => ({ name: row.name, position: positionOf(row) }));
}

function lowestOf(checkpoints: readonly Checkpoint[]): Position | undefined {
  const reached = checkpoints.map(({ position }) => position);
  return reached.reduce((low, position) => (isAfter(low, position) ? position : low), reached[0]);
}

async function placesAfter(
  lowest: Position | undefined,
  { log, signal }: Pick<LagMeasurement, 'log' | 'signal'>,
  most: number,
): Promise<readonly Place[]> {
  const ahead: Place[] = [];
  const enough = new AbortController();
  try {
    for await (const place of log.placesAfter(lowest ?? 'start', AbortSignal.any([enough.signal, signal]))) {
      ahead.push(place);
      if (ahead.length === most) break;
    }
  } finally {
    enough.abort();
  }
  signal.throwIfAborted();
  return ahead;
}
