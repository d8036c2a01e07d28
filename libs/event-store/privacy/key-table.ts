import type { Pool } from 'pg';
import type { MasterKeys } from './master-keys.js';

const BATCH = 500;

/** Makes the table of subject keys if it is not there yet. */
export async function prepareKeyTable(pool: Pool, schema: string): Promise<void> {
  await pool.query(`create schema if not exists "${schema}"`);
  await pool.query(`create table if not exists "${schema}".subject_keys (
    subject text primary key,
    wrapped bytea,
    master_key text,
    created_at timestamptz not null default now(),
    destroyed_at timestamptz,
    check ((wrapped is null) = (master_key is null))
  )`);
}

/** How many keys each master key wraps, and how many were destroyed (under no master key). */
export async function keysByMaster(pool: Pool, schema: string): Promise<ReadonlyMap<string | null, number>> {
  const { rows } = await pool.query<{ masterKey: string | null; keys: string }>(
    `select master_key as "masterKey", count(*)::text as keys from "${schema}".subject_keys group by 1 order by 1`,
  );
  return new Map(rows.map(({ masterKey, keys }) => [masterKey, Number(keys)]));
}

/** Wraps every key anew that is not under the current master key, a few at a time while others read and write; stopped, it goes on where it was. */
export async function rewrapKeys(
  pool: Pool,
  schema: string,
  masterKeys: MasterKeys,
  onProgress: (rewrapped: number) => void = () => undefined,
): Promise<number> {
  const current = await masterKeys.current();
  for (let total = 0; ;) {
    const rewrapped = await rewrapSome(pool, schema, masterKeys, current);
    if (rewrapped === 0) return total;
    onProgress((total += rewrapped));
  }
}

async function rewrapSome(pool: Pool, schema: string, masterKeys: MasterKeys, current: string): Promise<number> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query('begin');
    const { rows } = await client.query<{ subject: string; bytes: Buffer; masterKey: string }>(
      `select subject, wrapped as bytes, master_key as "masterKey" from "${schema}".subject_keys
       where master_key <> $1 order by subject limit ${BATCH} for update`,
      [current],
    );
    const rewrapped = await Promise.all(
      rows.map(async ({ subject, ...wrapped }) => masterKeys.wrap(await masterKeys.unwrap(wrapped, subject), subject)),
    );
    await client.query(
      `update "${schema}".subject_keys as known set wrapped = fresh.wrapped, master_key = fresh.master_key
       from unnest($1::text[], $2::bytea[], $3::text[]) as fresh (subject, wrapped, master_key)
       where known.subject = fresh.subject`,
      [
        rows.map(({ subject }) => subject),
        rewrapped.map(({ bytes }) => bytes),
        rewrapped.map(({ masterKey }) => masterKey),
      ],
    );
    await client.query('commit');
    failed = false;
    return rows.length;
  } finally {
    client.release(failed);
  }
}
