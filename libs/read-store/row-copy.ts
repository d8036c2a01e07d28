import { DatabaseError, escapeIdentifier, type ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import type { RowChange } from '#kernel';
import type { TableShape } from './catalog.js';
import { groupRows, type RowGroup, valueIn } from './row-groups.js';
import { copyField, textOf } from './row-text.js';
import { writeGroup } from './row-writer.js';

const PIECE = 64 * 1024;
const UNIQUE_VIOLATION = '23505';

/** Tables whose rows were found to be inserted again: for them COPY is in vain. */
const replaced = new WeakSet<TableShape>();

/** Writes the changes of one table that is being built: whole rows by COPY while all of them are new. */
export async function buildRows(client: ClientBase, shape: TableShape, changes: Iterable<RowChange>): Promise<void> {
  for (const group of groupRows(changes))
    if (group.kind !== 'insert' || replaced.has(shape) || !(await copied(client, shape, group)))
      await writeGroup(client, shape, group);
}

/** Whether all rows were new; if not, none is written. */
async function copied(client: ClientBase, shape: TableShape, group: RowGroup): Promise<boolean> {
  await client.query('savepoint copied');
  try {
    const columns = group.columns.map(escapeIdentifier).join(', ');
    await pipeline(lines(shape, group), client.query(copyFrom(`copy ${shape.qualified} (${columns}) from stdin`)));
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === UNIQUE_VIOLATION)) throw error;
    await client.query('rollback to savepoint copied');
    replaced.add(shape);
    return false;
  }
  await client.query('release savepoint copied');
  return true;
}

function* lines(shape: TableShape, { columns, changes }: RowGroup): Iterable<string> {
  const texts = columns.map((column) => [column, textOf(shape.typeOf(column))] as const);
  let piece = '';
  for (const change of changes) {
    let separator = '';
    for (const [column, text] of texts) {
      piece += separator + copyField(text(valueIn(change, column)));
      separator = '\t';
    }
    piece += '\n';
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
