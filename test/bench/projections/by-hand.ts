import { changesOf, type RecordedEvent, type Row } from '#kernel';
import { leadFunnel } from '#projections/lead-funnel/lead-funnel.projection';
import { inTransaction } from '#read-store';
import { Pool, type PoolClient } from 'pg';
import { each, KEYS, textOf, typeOf } from './funnel-tables.js';

const BATCH = 5_000;

/** How long a loop written for the lead funnel alone takes, from events in memory: rows gathered, then one upsert per table. */
export async function upsertByHand(events: readonly RecordedEvent[], databaseUrl: string): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl });
  await pool.query(leadFunnel.schema);
  await pool.query('create table checkpoint (position bigint)');
  const start = performance.now();
  for (let from = 0; from < events.length; from += BATCH) {
    const batch = events.slice(from, from + BATCH);
    const tables = gathered(batch);
    await inTransaction(pool, async (client) => {
      for (const [name, { inserted, patched }] of tables) {
        await upsert(client, name, [...inserted.values()]);
        await update(client, name, [...patched.values()]);
      }
      await client.query('insert into checkpoint values ($1)', [batch.at(-1)?.position.commit]);
    });
  }
  const took = performance.now() - start;
  await pool.end();
  return took;
}

type Rows = Map<string, Record<string, Row[string]>>;

/** What a batch does to each table: rows that are new, and columns of rows that were there before. */
function gathered(
  batch: readonly RecordedEvent[],
): ReadonlyMap<string, { readonly inserted: Rows; readonly patched: Rows }> {
  const tables = new Map(
    Object.keys(KEYS).map((name) => [name, { inserted: new Map() as Rows, patched: new Map() as Rows }]),
  );
  for (const event of batch)
    for (const change of changesOf(leadFunnel, event)) {
      const rows = tables.get(change.table);
      const key = Object.values(change.key).join();
      if (change.kind === 'insert') rows?.inserted.set(key, { ...change.row });
      if (change.kind !== 'patch') continue;
      const inserted = rows?.inserted.get(key);
      if (inserted !== undefined) Object.assign(inserted, change.set);
      else rows?.patched.set(key, { ...rows.patched.get(key), ...change.key, ...change.set });
    }
  return tables;
}

async function upsert(client: PoolClient, table: string, rows: readonly Row[]): Promise<void> {
  const [columns, source] = sourceOf(rows);
  if (columns.length === 0) return;
  await client.query(
    `insert into ${table} (${columns.join()}) select ${each(columns, ', ', (column) => `${column}::${typeOf(column)}`)}
     from ${source} on conflict (${(KEYS[table] ?? []).join()})
     do update set ${each(columns, ', ', (column) => `${column} = excluded.${column}`)}`,
    valuesOf(columns, rows),
  );
}

async function update(client: PoolClient, table: string, rows: readonly Row[]): Promise<void> {
  const [columns, source] = sourceOf(rows);
  if (columns.length === 0) return;
  const key = KEYS[table] ?? [];
  const set = columns.filter((column) => !key.includes(column));
  await client.query(
    `update ${table} as t set ${each(set, ', ', (column) => `${column} = r.${column}::${typeOf(column)}`)}
     from ${source} where ${each(key, ' and ', (column) => `t.${column} = r.${column}::${typeOf(column)}`)}`,
    valuesOf(columns, rows),
  );
}

function sourceOf([first = {}]: readonly Row[]): readonly [columns: readonly string[], sql: string] {
  const columns = Object.keys(first);
  return [columns, `unnest(${each(columns, ', ', (_, place) => `$${place + 1}::text[]`)}) as r(${columns.join()})`];
}

const valuesOf = (columns: readonly string[], rows: readonly Row[]) =>
  columns.map((column) => rows.map((row) => textOf(row[column])));
