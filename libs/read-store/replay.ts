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
import { ALL_STATES, loadVersions, type Version } from './versions.js';

export interface Repair {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly projection: AnyProjection;
  readonly source: StreamSource;
  /** Why, for whoever reads the dead letters later. */
  readonly reason: string;
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
  return repairAll(repair, stream, { skipFirst: false });
}

/** Gives up the first parked event of a stream and applies those behind it. */
export async function skipDeadLetter(repair: Repair, stream: string): Promise<readonly Repaired[]> {
  return repairAll(repair, stream, { skipFirst: true });
}

/** Repairs every version of the projection in which something is parked. */
async function repairAll(repair: Repair, stream: string | undefined, how: { skipFirst: boolean }) {
  const schemas = schemasOf(repair.namespace);
  const versions = await withClient(repair.pool, (client) =>
    loadVersions(client, schemas, [repair.projection], ALL_STATES),
  );
  const repaired: Repaired[] = [];
  for (const version of versions)
    for (const parked of [...version.parked].sort())
      if (stream === undefined || stream === parked)
        repaired.push(await new Replay(repair, schemas, version, parked).run(how));
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

  run({ skipFirst }: { readonly skipFirst: boolean }): Promise<Repaired> {
    return inTransaction(this.repair.pool, async (client) => {
      await this.#callRunnersBack(client);
      const parked = await this.#parked(client);
      const skipped = skipFirst ? parked.slice(0, 1) : [];
      for (const revision of skipped) await this.#resolve(client, revision, 'skipped');
      const { replayed, failure } = await this.#applyAll(client, parked.slice(skipped.length));
      const left = parked.length - skipped.length - replayed;
      const outcome = { version: this.version.schema, stream: this.stream, replayed, left };
      return failure === undefined ? outcome : { ...outcome, failure };
    });
  }

  /** Holds the version against its runner, which afterwards starts again and learns what is no longer parked. */
  #callRunnersBack(client: PoolClient) {
    return client.query(`update ${this.schemas.readStore}.versions set epoch = epoch + 1 where schema_name = $1`, [
      this.version.schema,
    ]);
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
