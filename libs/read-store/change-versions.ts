import { setTimeout } from 'node:timers/promises';
import type { ClientBase, Pool } from 'pg';
import { lostALock, NotPossible } from './failures.js';
import { lockUntilCommit } from './migrations.js';
import { inTransaction } from './pool.js';
import type { Schemas } from './schemas.js';
import { dropVersion } from './versions.js';

/** Batches under way may take this long before the versions stand still. */
const LONGEST_WAIT_MS = 3_000;
/** Shorter than Postgres waits before it ends one of two that wait for each other: that must never be the reader. */
const LONGEST_WAIT_FOR_READERS_MS = 500;
const PAUSE_MS = 200;
const PATIENCE_MS = 10_000;

/** Changes which versions there are or are shown. One process at a time does so; it gives way to others, is tried again, and in the end tells who was in the way. */
export async function changeVersions<T>(
  pool: Pool,
  schemas: Schemas,
  work: (client: ClientBase) => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const result = await withPatience(pool, schemas, patienceMs, async (client) => {
    await lockUntilCommit(client, schemas.readStore);
    return work(client);
  });
  await dropSuperseded(pool, schemas);
  return result;
}

/** From here on readers are in the way, and they go first. */
export const giveWayToReaders = (client: ClientBase) =>
  client.query(`set local lock_timeout = ${LONGEST_WAIT_FOR_READERS_MS}`);

async function withPatience<T>(
  pool: Pool,
  schemas: Schemas,
  patienceMs: number,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;)
    try {
      return await inTransaction(pool, async (client) => {
        await client.query(`set local lock_timeout = ${LONGEST_WAIT_MS}`);
        return work(client);
      });
    } catch (error) {
      if (!lostALock(error)) throw error;
      if (performance.now() > deadline) throw new NotPossible(await whoIsInTheWay(pool, schemas), { cause: error });
      await setTimeout(PAUSE_MS * (0.5 + Math.random()));
    }
}

/** Removes versions that no command shows again; one that is still read waits for the next time. */
async function dropSuperseded(pool: Pool, schemas: Schemas): Promise<void> {
  const { rows } = await pool.query<{ schema: string }>(
    `select schema_name as schema from ${schemas.readStore}.versions where state = 'superseded'`,
  );
  for (const { schema } of rows)
    try {
      await inTransaction(pool, async (client) => {
        await giveWayToReaders(client);
        await lockUntilCommit(client, schemas.readStore);
        await dropVersion(client, schemas, schema);
      });
    } catch (error) {
      if (!lostALock(error)) throw error;
    }
}

interface Blocker {
  readonly pid: number;
  readonly role: string | null;
  readonly program: string;
  readonly seconds: number | null;
}

/** Names the transactions that hold checkpoints or views for long. Postgres knows who blocks only while somebody waits: this looks at what is held. */
async function whoIsInTheWay(pool: Pool, { readStore, readModels, analytics }: Schemas): Promise<string> {
  const { rows } = await pool.query<Blocker>(
    `select distinct pid, usename as role, application_name as program,
       extract(epoch from clock_timestamp() - xact_start)::int as seconds
     from pg_locks join pg_stat_activity using (pid)
     join pg_class as held on held.oid = relation join pg_namespace as n on n.oid = relnamespace
     where granted and pid <> pg_backend_pid() and database = (select oid from pg_database where datname = current_database())
       and (nspname = any ($2) or nspname = $1 and relname = 'versions' and mode <> 'AccessShareLock')
     order by seconds desc nulls last limit 3`,
    [readStore, [readModels, analytics]],
  );
  const who = rows.map(({ pid, role, program, seconds }) => {
    const since = seconds === null ? '' : `, for ${seconds} s`;
    return `${program || 'a program without a name'} of ${role ?? 'nobody'} (process ${pid} of Postgres${since})`;
  });
  return (
    `What readers see cannot be changed now: ${who.join(' and ') || 'somebody'} is in the way. ` +
    `Wait for it, or end its transaction (\`select pg_terminate_backend(<process>)\`), and try again`
  );
}
