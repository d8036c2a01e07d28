import type { Position } from '#kernel';
import type { Pool, PoolClient } from 'pg';
import { erasedIn, foldBatch, isAfter, isEntry, lastPosition, lastRecordedAt, type Folded } from './batch-fold.js';
import { moveCheckpoints } from './checkpoints.js';
import { park } from './dead-letters.js';
import { isFaultOfData } from './failures.js';
import { erasePersonalColumns } from './personal-columns.js';
import { inTransaction } from './pool.js';
import type { RowFold } from './row-fold.js';
import { buildRows } from './row-copy.js';
import { writeRows } from './row-writer.js';
import type { Schemas } from './schemas.js';
import type { Delivery } from './source.js';
import type { Version } from './versions.js';

/** A version on its way through the log. */
interface Traveller {
  readonly version: Version;
  reached: Position | undefined;
  readonly parked: Set<string>;
}

/** Postgres refused rows of this version for what is in them. */
class RowsRefused extends Error {
  constructor(
    readonly schema: string,
    override readonly cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/** Brings versions forward by batches of deliveries: rows, dead letters and checkpoints of all of them in one transaction. */
export class Projector {
  readonly #travellers: readonly Traveller[];

  constructor(
    private readonly pool: Pool,
    private readonly schemas: Schemas,
    versions: readonly Version[],
    private readonly options: { readonly isBuild: boolean } = { isBuild: false },
  ) {
    this.#travellers = versions.map((version) => ({
      version,
      reached: version.position,
      parked: new Set(version.parked),
    }));
  }

  /** The position that all of them have reached; undefined when one stands at the beginning. */
  get lowest(): Position | undefined {
    const reached = this.#travellers.map((one) => one.reached);
    return reached.reduce((low, position) => (isAfter(low, position) ? position : low), reached[0]);
  }

  travellers(): readonly Readonly<Traveller>[] {
    return this.#travellers;
  }

  /** Applies the batch; what a version has seen before changes nothing in it. A batch with refused rows is halved down to the event to blame. */
  async apply(deliveries: readonly Delivery[]): Promise<void> {
    try {
      await this.#write(deliveries, new Map());
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error;
      if (deliveries.length === 1) return this.#parkRefused(deliveries, error);
      const half = Math.ceil(deliveries.length / 2);
      await this.apply(deliveries.slice(0, half));
      await this.apply(deliveries.slice(half));
    }
  }

  /** Writes one delivery once more, parked for every version that cannot take its rows. */
  async #parkRefused(delivery: readonly Delivery[], first: RowsRefused): Promise<void> {
    const refused = new Map([[first.schema, first.cause]]);
    for (;;) {
      try {
        await this.#write(delivery, refused);
        return;
      } catch (error) {
        if (!(error instanceof RowsRefused) || refused.has(error.schema)) throw error;
        refused.set(error.schema, error.cause);
      }
    }
  }

  async #write(deliveries: readonly Delivery[], refused: ReadonlyMap<string, Error>): Promise<void> {
    const to = lastPosition(deliveries);
    const behind = this.#travellers.filter(({ reached }) => isAfter(to, reached));
    if (to === undefined || behind.length === 0) return;
    const entries = deliveries.filter(isEntry);
    const work = behind.map((traveller) => {
      const { version, reached, parked } = traveller;
      return { traveller, folded: foldBatch(version, reached, parked, entries, refused.get(version.schema)) };
    });
    const steps = behind.map(({ version, reached }) => ({ ...version, from: reached }));
    await inTransaction(this.pool, async (client) => {
      if (this.options.isBuild) await client.query('set local synchronous_commit = off');
      await moveCheckpoints(client, this.schemas, steps, to, lastRecordedAt(deliveries));
      for (const { traveller, folded } of work) await this.#writeVersion(client, traveller.version, folded);
      // Last of all: what the batch itself brought of an erased person is erased as well.
      const written = behind.map(({ version }) => version.schema);
      await erasePersonalColumns(client, this.schemas, written, erasedIn(entries));
    });
    for (const { traveller, folded } of work) {
      traveller.reached = to;
      for (const { stream } of folded.letters) traveller.parked.add(stream);
    }
  }

  async #writeVersion(client: PoolClient, { schema }: Version, folded: Folded): Promise<void> {
    try {
      const write = this.options.isBuild ? buildRows : writeRows;
      for (const { shape, changes } of folded.rows.tables()) await write(client, shape, changes);
    } catch (error) {
      if (error instanceof Error && isFaultOfData(error)) throw new RowsRefused(schema, error);
      throw error;
    }
    await park(client, this.schemas, schema, folded.letters);
  }
}

/** Writes the rows of all tables of a version. */
export async function writeAll(client: PoolClient, rows: RowFold): Promise<void> {
  for (const { shape, changes } of rows.tables()) await writeRows(client, shape, changes);
}
