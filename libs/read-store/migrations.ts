import { setTimeout } from 'node:timers/promises';
import { escapeIdentifier, type ClientBase, type Pool } from 'pg';
import { NotPossible } from './failures.js';
import { sqlFile } from './sql-file.js';

/** One step of a schema that no replay brings back. Never changed once released. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** The schema of the read store itself. */
export const readStoreMigrations: readonly Migration[] = [
  '0001-versions',
  '0002-dead-letters',
  '0003-builds',
  '0004-unknown-events',
  '0005-personal-columns',
  '0006-skipped-events',
  '0007-superseded',
].map((name) => ({
  name,
  sql: sqlFile(import.meta.url, `./migrations/${name}.sql`),
}));

/** Brings a schema up to date: runs, in order, the migrations it has not seen. The caller holds the transaction. */
export async function migrate(client: ClientBase, schema: string, migrations: readonly Migration[]): Promise<void> {
  await lockUntilCommit(client, schema);
  await client.query(`create schema if not exists ${escapeIdentifier(schema)}`);
  await within(client, [schema], async () => {
    await client.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null)',
    );
    const { rows } = await client.query<{ name: string }>('select name from migrations');
    const applied = new Set(rows.map((row) => row.name));
    for (const { name, sql } of migrations.filter((migration) => !applied.has(migration.name))) {
      await client.query(sql);
      await client.query('insert into migrations values ($1, now())', [name]);
    }
  });
}

/** For those who only look: fails unless a server of this release has brought the schema up to date. @throws NotPossible */
export async function demandMigrated(pool: Pool, schema: string, migrations: readonly Migration[]): Promise<void> {
  const applied = await appliedIn(pool, schema);
  if (applied === undefined) throw new NotPossible(neverInstalled(schema));
  if (!migrations.every(({ name }) => applied.has(name)))
    throw new NotPossible(
      `The schema ${schema} is that of an earlier release: start a server of this one, which brings it up to date`,
    );
}

/** What those are told who look for what a server installs before one has. */
export const neverInstalled = (schema: string): string =>
  `No server has ever run here: this database has no schema ${schema}. Start one (\`taizhang start\`), or correct DATABASE_URL and NAMESPACE`;

/** Whether a schema has all of them; looks without a lock. */
export async function isMigrated(
  client: ClientBase,
  schema: string,
  migrations: readonly Migration[],
): Promise<boolean> {
  const applied = await appliedIn(client, schema);
  return applied !== undefined && migrations.every(({ name }) => applied.has(name));
}

/** The migrations that a schema has seen; undefined when there is no such schema. */
async function appliedIn(client: ClientBase | Pool, schema: string): Promise<ReadonlySet<string> | undefined> {
  const table = `${escapeIdentifier(schema)}.migrations`;
  const { rows: found } = await client.query<{ is: boolean }>('select to_regclass($1) is not null as is', [table]);
  if (found[0]?.is !== true) return undefined;
  const { rows } = await client.query<{ name: string }>(`select name from ${table}`);
  return new Set(rows.map(({ name }) => name));
}

/** Anybody who may log in can take the lock and keep it: nobody waits for it for ever. */
const LONGEST_WAIT_MS = 30_000;
const POLL_MS = 50;

/** One process at a time works on a schema; the others wait for its commit. @throws NotPossible naming who holds the lock */
export async function lockUntilCommit(client: ClientBase, schema: string, longestMs = LONGEST_WAIT_MS): Promise<void> {
  const name = `taizhang ${schema}`;
  for (const until = Date.now() + longestMs; ; await setTimeout(POLL_MS)) {
    const { rows } = await client.query<{ isOurs: boolean }>(
      'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "isOurs"',
      [name],
    );
    if (rows[0]?.isOurs === true) return;
    if (Date.now() < until) continue;
    throw new NotPossible(
      `The schema ${schema} has been locked for ${longestMs / 1000} s by ${await holderOf(client, name)}: end that session (\`select pg_terminate_backend(…)\`), and try again`,
    );
  }
}

async function holderOf(client: ClientBase, lock: string): Promise<string> {
  const { rows } = await client.query<{ holder: string }>(
    `select format('the session %s of %s (%s)', pid, usename, application_name) as holder
     from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and granted and objsubid = 1
       and (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 0)`,
    [lock],
  );
  return rows[0]?.holder ?? 'a session that has just ended';
}

/** Runs DDL whose names are unqualified in the given schemas. */
export async function within<T>(client: ClientBase, schemas: readonly string[], work: () => Promise<T>): Promise<T> {
  const searchPath = (path: string) => client.query(`select set_config('search_path', $1, true)`, [path]);
  const { rows } = await client.query<{ path: string }>(`select current_setting('search_path') as path`);
  await searchPath(schemas.map(escapeIdentifier).join(', '));
  const result = await work();
  await searchPath(rows[0]?.path ?? '');
  return result;
}
