import type { Position } from '#kernel';
import type { Pool } from 'pg';
import { schemasOf } from './schemas.js';

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

/** How far what readers see of a projection is behind the log. */
export interface Lag {
  readonly projection: string;
  /** Events of the domain that it has not applied: counted, since positions are bytes. */
  readonly events: number;
  /** Counting stopped here; there are at least so many. */
  readonly isAtLeast: boolean;
  /** How long ago the first of them was recorded; 0 when there is none. */
  readonly seconds: number;
}

export interface LagMeasurement {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly log: CountableLog;
  readonly now: string;
  /** Ends the counting, if the log does not answer. */
  readonly signal: AbortSignal;
  /** Counting stops here, so that a long way behind costs no more than a short one. */
  readonly most?: number;
}

const MOST = 2_000;

/** Counts from the checkpoint that is furthest behind to the end of the log. */
export async function measureLag(measurement: LagMeasurement): Promise<readonly Lag[]> {
  const { pool, namespace, now, most = MOST } = measurement;
  const shown = await shownCheckpoints(pool, schemasOf(namespace).readStore);
  const ahead = shown.length === 0 ? [] : await placesAfterLowest(shown, measurement, most);
  return shown.map(({ projection, commit }) => {
    const first = commit === null ? 0 : ahead.findIndex(({ position }) => position.commit > BigInt(commit));
    const events = first === -1 ? 0 : ahead.length - first;
    const since = first === -1 ? undefined : ahead[first]?.recordedAt;
    const seconds = since === undefined ? 0 : Math.max(0, Date.parse(now) - Date.parse(since)) / 1000;
    return { projection, events, isAtLeast: events > 0 && ahead.length === most, seconds };
  });
}

interface Checkpoint {
  readonly projection: string;
  readonly commit: string | null;
  readonly prepare: string | null;
}

async function shownCheckpoints(pool: Pool, readStore: string): Promise<readonly Checkpoint[]> {
  const { rows } = await pool.query<Checkpoint>(
    `select projection, commit::text, prepare::text from ${readStore}.versions
     where state = 'living' order by versions.commit nulls first, place`,
  );
  return rows;
}

async function placesAfterLowest(
  [lowest]: readonly Checkpoint[],
  { log, signal }: LagMeasurement,
  most: number,
): Promise<readonly Place[]> {
  const { commit = null, prepare = null } = lowest ?? {};
  const from = commit === null || prepare === null ? 'start' : { commit: BigInt(commit), prepare: BigInt(prepare) };
  const ahead: Place[] = [];
  const enough = new AbortController();
  try {
    for await (const place of log.placesAfter(from, AbortSignal.any([enough.signal, signal]))) {
      ahead.push(place);
      if (ahead.length === most) break;
    }
  } finally {
    enough.abort();
  }
  signal.throwIfAborted();
  return ahead;
}
