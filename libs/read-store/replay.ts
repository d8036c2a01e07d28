import type { AnyProjection } from '#kernel';
import type { Pool, PoolClient } from 'pg';
import { addTo, placeOf } from './batch-fold.js';
import { faultOfReading, type Fault } from './dead-letters.js';
import { noteOf } from './failure-note.js';
import { isFaultOfData, NotPossible } from './failures.js';
import { inTransaction, withClient } from './pool.js';
import { writeAll } from './projector.js';
import { RowFold } from './row-fold.js';
import { schemasOf, type Schemas } from './schemas.js';
import type { Entry, StreamSource } from './source.js';
import { holdVersions } from './switch.js';
import { ALL_STATES, loadVersions, type Version } from './versions.js';

export interface Repair {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly projection: AnyProjection;
  readonly source: StreamSource;
  /** Why, for whoever reads the dead letters later. */
  readonly reason: string;
  /** Who repairs; if it is not said, the database user. */
  readonly by?: string | undefined;
}

/** What a repair did to one stream; `failure` is what still stops it. */
export interface Repaired {
  readonly version: string;
  readonly stream: string;
  readonly replayed: number;
  readonly left: number;
  readonly failure?: string;
}

/** Applies the parked events of a stream, or of all streams, in their order, up to one that still fails. */
export async function replayDeadLetters(repair: Repair, stream?: string): Promise<readonly Repaired[]> {
  return repairAll(repair, stream);
}

/**
 * Gives up the first parked event of a stream, of what readers see if it is parked there, and applies those behind it.
 * It is remembered: every build of the projection passes the event by.
 */
export async function skipDeadLetter(repair: Repair, stream: string): Promise<readonly Repaired[]> {
  const first = await firstParked(repair, stream);
  if (first === undefined) throw new NotPossible(`${repair.projection.name} has nothing parked of ${stream}`);
  return repairAll(repair, stream, first);
}

async function firstParked({ pool, namespace, projection }: Repair, stream: string): Promise<bigint | undefined> {
  const { readStore } = schemasOf(namespace);
  const { rows } = await pool.query<{ revision: string }>(
    `select letter.revision::text from ${readStore}.dead_letters as letter join ${readStore}.versions as version using (schema_name)
     where projection = $1 and stream = $2 and resolution is null and state = any ($3)
     order by state = 'living' desc, letter.revision limit 1`,
    [projection.name, stream, ALL_STATES],
  );
  return rows[0] && BigInt(rows[0].revision);
}

/** Repairs every version of the projection in which something is parked. */
async function repairAll(repair: Repair, stream: string | undefined, skipped?: bigint) {
  const schemas = schemasOf(repair.namespace);
  const versions = await withClient(repair.pool, (client) =>
    loadVersions(client, schemas, [repair.projection], ALL_STATES),
  );
  const repaired: Repaired[] = [];
  for (const version of versions)
    for (const parked of [...version.parked].sort())
      if (stream === undefined || stream === parked)
        repaired.push(await new Replay(repair, schemas, version, parked).run(skipped));
  if (stream !== undefined && repaired.length === 0)
    throw new NotPossible(`${repair.projection.name} has nothing parked of ${stream}`);
  return repaired;
}

class Replay {
  readonly #letters: string;

  constructor(
    private readonly repair: Repair,
    private readonly schemas: Schemas,
    private readonly version: Version,
    private readonly stream: string,
  ) {
    this.#letters = `${schemas.readStore}.dead_letters`;
  }

  run(skipped?: bigint): Promise<Repaired> {
    return inTransaction(this.repair.pool, async (client) => {
      if (skipped !== undefined) await holdVersions(client, this.schemas);
      await this.#callRunnersBack(client, skipped === undefined ? 'of this version' : 'of all versions');
      const parked = await this.#parked(client);
      if (skipped !== undefined && parked.includes(skipped)) await this.#skip(client, skipped);
      const waiting = parked.filter((revision) => revision !== skipped);
      const { replayed, failure } = await this.#applyAll(client, waiting);
      const left = waiting.length - replayed;
      const outcome = { version: this.version.schema, stream: this.stream, replayed, left };
      return failure === undefined ? outcome : { ...outcome, failure };
    });
  }

  /** Holds versions against their runners, which afterwards start again and learn what is no longer parked, or skipped. */
  #callRunnersBack(client: PoolClient, whose: 'of this version' | 'of all versions') {
    const [column, value] =
      whose === 'of this version' ? ['schema_name', this.version.schema] : ['projection', this.version.projection.name];
    return client.query(`update ${this.schemas.readStore}.versions set epoch = epoch + 1 where ${column} = $1`, [
      value,
    ]);
  }

  async #skip(client: PoolClient, revision: bigint): Promise<void> {
    await this.#resolve(client, revision, 'skipped');
    await client.query(
      `insert into ${this.schemas.readStore}.skipped_events
         (projection, stream, revision, event_id, event_type, reason, skipped_by)
       select $1, stream, revision, event_id, event_type, resolved_because, coalesce($5, session_user)
       from ${this.#letters} where schema_name = $2 and stream = $3 and revision = $4
       on conflict do nothing`,
      [this.version.projection.name, this.version.schema, this.stream, String(revision), this.repair.by ?? null],
    );
  }

  async #parked(client: PoolClient): Promise<readonly bigint[]> {
    const { rows } = await client.query<{ revision: string }>(
      `select revision::text from ${this.#letters} as letter
       where schema_name = $1 and stream = $2 and resolution is null order by letter.revision`,
      [this.version.schema, this.stream],
    );
    return rows.map(({ revision }) => BigInt(revision));
  }

  async #applyAll(client: PoolClient, parked: readonly bigint[]): Promise<{ replayed: number; failure?: string }> {
    let replayed = 0;
    const [from] = parked;
    if (from === undefined) return { replayed };
    for await (const entry of this.repair.source.readStream(this.stream, from)) {
      const revision = parked[replayed];
      if (revision === undefined) break;
      if (placeOf(entry).revision < revision) continue;
      if (placeOf(entry).revision > revision) break;
      const failure = await this.#apply(client, entry);
      if (failure !== undefined) {
        await this.#stillParked(client, revision, failure.fault, failure.error);
        return { replayed, failure: noteOf(failure.error).reason };
      }
      await this.#resolve(client, revision, 'replayed');
      replayed++;
    }
    return replayed === parked.length ? { replayed } : { replayed, failure: 'The event is no longer in the log' };
  }

  async #apply(client: PoolClient, entry: Entry): Promise<{ fault: Fault; error: Error } | undefined> {
    if ('unreadable' in entry) {
      const { error } = entry.unreadable;
      return { fault: faultOfReading(error), error };
    }
    const rows = new RowFold(this.version.tables);
    const error = addTo(rows, this.version, entry.event);
    if (error !== undefined) return { fault: 'apply', error };
    await client.query('savepoint one_event');
    try {
      await writeAll(client, rows);
      return undefined;
    } catch (refusal) {
      if (!(refusal instanceof Error) || !isFaultOfData(refusal)) throw refusal;
      await client.query('rollback to savepoint one_event');
      return { fault: 'write', error: refusal };
    }
  }

  #resolve(client: PoolClient, revision: bigint, resolution: 'replayed' | 'skipped') {
    return client.query(
      `update ${this.#letters} set resolution = $4, resolved_because = $5, resolved_at = now()
       where schema_name = $1 and stream = $2 and revision = $3`,
      [this.version.schema, this.stream, String(revision), resolution, this.repair.reason],
    );
  }

  #stillParked(client: PoolClient, revision: bigint, fault: Fault, error: Error) {
    const { reason, stack } = noteOf(error);
    return client.query(
      `update ${this.#letters} set fault = $4, reason = $5, stack = $6
       where schema_name = $1 and stream = $2 and revision = $3`,
      [this.version.schema, this.stream, String(revision), fault, reason, stack],
    );
  }
}
