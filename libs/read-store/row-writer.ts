import type { Column, Row, RowChange } from '#kernel';
import { escapeIdentifier, type ClientBase } from 'pg';
import type { TableShape } from './catalog.js';
import { UnwritableChange } from './failures.js';
import { prepared, type Prepared } from './prepared.js';

interface Statement extends Prepared {
  readonly columns: readonly string[];
}

/** Writes the changes of one table: one statement per operation and set of columns, however many rows. */
export async function writeRows(client: ClientBase, shape: TableShape, changes: Iterable<RowChange>): Promise<void> {
  const groups = new Map<string, { statement: Statement; rows: Row[] }>();
  for (const change of changes) {
    const row = valuesOf(change);
    const signature = `${change.kind} ${Object.keys(row).join()}`;
    let group = groups.get(signature);
    if (group === undefined) {
      group = { statement: statementFor(shape, change.kind, signature, Object.keys(row)), rows: [] };
      groups.set(signature, group);
    }
    group.rows.push(row);
  }
  for (const { statement, rows } of groups.values()) {
    const values = statement.columns.map((column) => rows.map((row) => textOf(shape, column, row[column] ?? null)));
    await client.query({ name: statement.name, text: statement.text, values });
  }
}

function valuesOf(change: RowChange): Row {
  switch (change.kind) {
    case 'insert':
      return change.row;
    case 'patch':
      return { ...change.key, ...change.set };
    case 'delete':
      return change.key;
  }
}

const statements = new WeakMap<TableShape, Map<string, Statement>>();

function statementFor(shape: TableShape, kind: RowChange['kind'], signature: string, columns: readonly string[]) {
  const known = statements.get(shape) ?? new Map<string, Statement>();
  statements.set(shape, known);
  let statement = known.get(signature);
  if (statement === undefined) {
    statement = { ...prepared(sqlFor(shape, kind, columns)), columns };
    known.set(signature, statement);
  }
  return statement;
}

function sqlFor(shape: TableShape, kind: RowChange['kind'], columns: readonly string[]): string {
  const place = new Map(columns.map((column, index) => [column, index]));
  const value = (column: string) => `r.c${place.get(column) ?? missing(shape, column)}::${typeOf(shape, column)}`;
  const source = `unnest(${columns.map((_, index) => `$${index + 1}::text[]`).join(', ')})
    as r(${columns.map((_, index) => `c${index}`).join(', ')})`;
  const sameKey = shape.key.map((column) => `t.${escapeIdentifier(column)} = ${value(column)}`).join(' and ');
  const rest = columns.filter((column) => !shape.key.includes(column));
  switch (kind) {
    case 'insert':
      return `insert into ${shape.qualified} (${columns.map(escapeIdentifier).join(', ')})
        select ${columns.map(value).join(', ')} from ${source}
        on conflict (${shape.key.map(escapeIdentifier).join(', ')}) ${replaceRow(shape, rest)}`;
    case 'patch':
      return rest.length === 0
        ? `select 1 from ${source} where false`
        : `update ${shape.qualified} as t
           set ${rest.map((column) => `${escapeIdentifier(column)} = ${value(column)}`).join(', ')}
           from ${source} where ${sameKey}`;
    case 'delete':
      return `delete from ${shape.qualified} as t using ${source} where ${sameKey}`;
  }
}

/** An insert replaces the whole row: columns it does not name fall back to their defaults. */
function replaceRow(shape: TableShape, given: readonly string[]): string {
  const sets = [...shape.columns.keys()].flatMap((column) => {
    if (shape.key.includes(column)) return [];
    const name = escapeIdentifier(column);
    return [given.includes(column) ? `${name} = excluded.${name}` : `${name} = default`];
  });
  return sets.length === 0 ? 'do nothing' : `do update set ${sets.join(', ')}`;
}

/** The value as Postgres reads it from text. */
function textOf(shape: TableShape, column: string, value: Column): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  return typeOf(shape, column).startsWith('json') ? JSON.stringify(value) : arrayLiteral(value);
}

const arrayLiteral = (items: readonly string[]) =>
  `{${items.map((item) => `"${item.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;

const typeOf = (shape: TableShape, column: string) => shape.columns.get(column) ?? missing(shape, column);

function missing(shape: TableShape, column: string): never {
  throw new UnwritableChange(`${shape.qualified} and the change do not agree on column ${column}`);
}
