import type { Column } from '#kernel';
import { Pool } from 'pg';

/** The tables of the lead funnel and their keys, as a program written for them alone knows them. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  lead_capture: ['lead_id'],
  lead_stage_interval: ['lead_id', 'visit_no'],
  lead_ownership_interval: ['lead_id', 'visit_no'],
  lead_closing: ['lead_id', 'visit_no'],
};

export function typeOf(column: string): string {
  if (column === 'visit_no') return 'int';
  if (column === 'manager_path') return 'text[]';
  if (column.startsWith('is_')) return 'boolean';
  if (column.endsWith('_at')) return 'timestamptz';
  return column.endsWith('position') ? 'bigint' : 'text';
}

/** The key and the other columns, as `column = source.column` or the like. */
export const each = (columns: readonly string[], separator: string, one: (column: string, place: number) => string) =>
  columns.map(one).join(separator);

export const textOf = (value: Column | undefined): string | null => {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? `{${value.join()}}` : String(value);
};

/** A fingerprint of all rows of the funnel; equal tables have equal ones. */
export async function fingerprintOf(databaseUrl: string, schema: string): Promise<string> {
  const pool = new Pool({ connectionString: databaseUrl });
  const ofTable = Object.keys(KEYS).map(
    (table) =>
      `(select concat(count(*), ' ', md5(string_agg(t::text, '' order by t::text collate "C"))) from ${schema}.${table} t) as ${table}`,
  );
  const { rows } = await pool.query(`select ${ofTable.join(', ')}`);
  await pool.end();
  return JSON.stringify(rows[0]);
}
