import type { Row } from '#kernel';
import { escapeIdentifier, type ClientBase } from 'pg';
import { UnwritableChange } from './failures.js';
import { keyText, type KeyText } from './key-text.js';

/** A table as Postgres knows it: what the writer needs to address its rows and cast its values. */
export class TableShape {
  /** The types of its columns, by name. */
  readonly columns: ReadonlyMap<string, string>;
  readonly qualified: string;
  /** The columns of its primary key, in order. */
  readonly key: readonly string[];
  readonly #key: readonly (readonly [column: string, text: KeyText])[];

  constructor(schema: string, name: string, columns: readonly ColumnRow[]) {
    this.qualified = `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
    this.columns = new Map(columns.map(({ column, type }) => [column, type]));
    this.#key = columns
      .flatMap(({ column, type, place }) => (place === null ? [] : [{ column, type, place }]))
      .sort((one, other) => one.place - other.place)
      .map(({ column, type }) => [column, keyText(this.qualified, column, type)] as const);
    this.key = this.#key.map(([column]) => column);
    if (this.#key.length === 0) throw new Error(`Table ${this.qualified} needs a primary key`);
  }

  typeOf(column: string): string {
    return this.columns.get(column) ?? this.disagree(column);
  }

  disagree(column: string): never {
    throw new UnwritableChange(`${this.qualified} and the change do not agree on column ${column}`);
  }

  /** The same text for keys that Postgres holds for the same row. */
  keyOf(key: Row): string {
    let text = '';
    for (const [column, textOf] of this.#key) text += `${textOf(key[column] ?? null)}\0`;
    return text;
  }
}

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly place: number | null;
}

/** The tables of one schema, by name. */
export async function tablesOf(client: ClientBase, schema: string): Promise<ReadonlyMap<string, TableShape>> {
  const { rows } = await client.query<ColumnRow>(
    // Types without their length: a cast to varchar(5) would cut a longer text, an assignment refuses it.
    `select c.relname as table, a.attname as column, format_type(a.atttypid, -1) as type, k.place::int as place
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     left join pg_index i on i.indrelid = c.oid and i.indisprimary
     left join lateral unnest(i.indkey) with ordinality as k(attnum, place) on k.attnum = a.attnum
     where c.relnamespace = to_regnamespace($1) and c.relkind = 'r'
     order by c.relname, a.attnum`,
    [escapeIdentifier(schema)],
  );
  const byTable = new Map<string, ColumnRow[]>();
  for (const row of rows) byTable.set(row.table, [...(byTable.get(row.table) ?? []), row]);
  return new Map([...byTable].map(([name, columns]) => [name, new TableShape(schema, name, columns)]));
}
