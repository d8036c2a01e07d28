import type { RowChange } from '#kernel';
import { escapeIdentifier, type ClientBase } from 'pg';
import type { TableShape } from './catalog.js';
import { prepared, type Prepared } from './prepared.js';
import { groupRows, type RowGroup, valueIn } from './row-groups.js';
import { arrayLiteral, textOf } from './row-text.js';

/** Writes the changes of one table: one statement per operation and set of columns, however many rows. */
export async function writeRows(client: ClientBase, shape: TableShape, changes: Iterable<RowChange>): Promise<void> {
  for (const group of groupRows(changes)) await writeGroup(client, shape, group);
}

export async function writeGroup(client: ClientBase, shape: TableShape, group: RowGroup): Promise<void> {
  const { name, text } = statementFor(shape, group);
  const values = group.columns.map((column) => {
    const text = textOf(shape.typeOf(column));
    return arrayLiteral(group.changes.map((change) => text(valueIn(change, column))));
  });
  await client.query({ name, text, values });
}

const statements = new WeakMap<TableShape, Map<string, Prepared>>();

function statementFor(shape: TableShape, { kind, columns }: RowGroup): Prepared {
  const known = statements.get(shape) ?? new Map<string, Prepared>();
  statements.set(shape, known);
  const signature = `${kind} ${columns.join()}`;
  let statement = known.get(signature);
  if (statement === undefined) {
    statement = prepared(sqlFor(shape, kind, columns));
    known.set(signature, statement);
  }
  return statement;
}

function sqlFor(shape: TableShape, kind: RowChange['kind'], columns: readonly string[]): string {
  const place = new Map(columns.map((column, index) => [column, index]));
  const value = (column: string) => `r.c${place.get(column) ?? shape.disagree(column)}::${shape.typeOf(column)}`;
  const source = `unnest(${columns.map((_, index) => `$${index + 1}::text[]`).join(', ')})
    as r(${columns.map((_, index) => `c${index}`).join(', ')})`;
  const sameKey = shape.key.map((column) => `t.${escapeIdentifier(column)} = ${value(column)}`).join(' and ');
  const rest = columns.filter((column) => !shape.key.includes(column));
  const upsert = (change: string) => `insert into ${shape.qualified} as t (${columns.map(escapeIdentifier).join(', ')})
        select ${columns.map(value).join(', ')} from ${source}
        on conflict (${shape.key.map(escapeIdentifier).join(', ')}) ${change}`;
  switch (kind) {
    case 'insert':
      return upsert(replaceRow(shape, rest));
    case 'add':
      return upsert(rest.length === 0 ? 'do nothing' : `do update set ${rest.map(sum).join(', ')}`);
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

function sum(column: string): string {
  const name = escapeIdentifier(column);
  return `${name} = coalesce(t.${name}, 0) + excluded.${name}`;
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
