import type { Pool } from 'pg';
import type { MasterKeys, Wrapped } from './master-keys.js';

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

/** How many keys a master key wraps. */
export interface MasterKeyUse {
  readonly masterKey: string;
  readonly keys: number;
  /** Why the keys that it wraps cannot be opened here; undefined when one that was tried can. */
  readonly failure: Error | undefined;
}

/** The master keys that wrap something, each tried on one key, and how many keys were destroyed. */
export async function keysByMaster(
  pool: Pool,
  schema: string,
  masterKeys: MasterKeys,
): Promise<{ readonly inUse: readonly MasterKeyUse[]; readonly destroyed: number }> {
  const { rows } = await pool.query<{ masterKey: string | null; keys: number; subject: string }>(
    `select master_key as "masterKey", count(*)::int as keys, min(subject) as subject
     from "${schema}".subject_keys group by 1 order by 1`,
  );
  const inUse = await Promise.all(
    rows.flatMap(({ masterKey, keys, subject }) =>
      masterKey === null
        ? []
        : [failureOf(pool, schema, masterKeys, subject).then((failure) => ({ masterKey, keys, failure }))],
    ),
  );
  return { inUse, destroyed: rows.find(({ masterKey }) => masterKey === null)?.keys ?? 0 };
}

/** Why the key of a subject does not open. */
async function failureOf(
  pool: Pool,
  schema: string,
  masterKeys: MasterKeys,
  subject: string,
): Promise<Error | undefined> {
  const { rows } = await pool.query<Wrapped>(
    `select wrapped as bytes, master_key as "masterKey" from "${schema}".subject_keys
     where subject = $1 and wrapped is not null`,
    [subject],
  );
  try {
    await Promise.all(rows.map((wrapped) => masterKeys.unwrap(wrapped, subject)));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
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
