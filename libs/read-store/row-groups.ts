import type { Row, RowChange } from '#kernel';

/** Changes of one kind that name the same columns: one statement writes them all. */
export interface RowGroup {
  readonly kind: RowChange['kind'];
  /** Those of the key first, except in whole rows. */
  readonly columns: readonly string[];
  readonly changes: RowChange[];
}

/** Sorts the changes of a table by what they name. */
export function groupRows(changes: Iterable<RowChange>): readonly RowGroup[] {
  const groups: RowGroup[] = [];
  let latest: RowGroup | undefined;
  for (const change of changes) {
    // The next change mostly looks like the one before: compared in place, it needs no signature of its own.
    if (latest === undefined || !fits(change, latest)) {
      latest = groups.find((group) => fits(change, group));
      if (latest === undefined) groups.push((latest = { kind: change.kind, columns: columnsOf(change), changes: [] }));
    }
    latest.changes.push(change);
  }
  return groups;
}

/** The value that a change gives a column. */
export function valueIn(change: RowChange, column: string) {
  const rest = restOf(change);
  return (column in rest ? rest[column] : change.key[column]) ?? null;
}

/** What a change names beside the key; whole rows name the key there as well. */
function restOf(change: RowChange): Row {
  switch (change.kind) {
    case 'insert':
      return change.row;
    case 'patch':
      return change.set;
    case 'add':
      return change.amounts;
    case 'delete':
      return NONE;
  }
}

const NONE: Row = {};

const columnsOf = (change: RowChange): readonly string[] =>
  change.kind === 'insert' ? Object.keys(change.row) : [...Object.keys(change.key), ...Object.keys(restOf(change))];

function fits(change: RowChange, { kind, columns }: RowGroup): boolean {
  if (change.kind !== kind) return false;
  let place = 0;
  if (kind !== 'insert') for (const column in change.key) if (columns[place++] !== column) return false;
  const rest = restOf(change);
  for (const column in rest) if (columns[place++] !== column) return false;
  return place === columns.length;
}
