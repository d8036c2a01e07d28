import type { ClientBase, Pool } from 'pg';
import { makeDeferredIndexes } from './deferred-indexes.js';
import { LeaseLost } from './lease.js';
import { inTransaction } from './pool.js';
import type { Schemas } from './schemas.js';
import type { Version } from './versions.js';

/** Makes filled versions ready: with their indexes, and for a follower to keep up from now on. */
export async function finishBuilds(pool: Pool, schemas: Schemas, versions: readonly Version[]): Promise<void> {
  const left = versions.values();
  const finishSome = async () => {
    for (const version of left) await inTransaction(pool, (client) => finish(client, schemas, version));
  };
  // Indexes of two versions at a time: each keeps a core of Postgres busy, and the pool is for others, too.
  await Promise.all([finishSome(), finishSome()]);
}

/** Its row stays free until all is made: nobody who needs the versions waits for an index. */
async function finish(client: ClientBase, schemas: Schemas, { schema, epoch, tables }: Version): Promise<void> {
  await makeDeferredIndexes(client, schemas, schema);
  for (const { qualified } of tables.values()) await client.query(`analyze ${qualified}`);
  const { rowCount } = await client.query(
    `update ${schemas.readStore}.versions set state = 'ready', deferred_indexes = '{}', holder = null, held_until = null
     where schema_name = $1 and epoch = $2 and state = 'building'`,
    [schema, String(epoch)],
  );
  if (rowCount === 0) throw new LeaseLost();
}
