import type { RowChange } from '#kernel';
import type { TableShape } from './catalog.js';

/** The one change that does to a row what `before` and then `change` would do. */
export function merged(before: RowChange, change: RowChange): RowChange {
  if (change.kind !== 'patch') return change;
  switch (before.kind) {
    case 'insert':
      return { ...before, row: { ...before.row, ...change.set } };
    case 'patch':
      return { ...before, set: { ...before.set, ...change.set } };
    case 'delete':
      return before;
  }
}

/** The changes of a batch, one per row however often events touched it. */
export class RowFold {
  readonly #tables = new Map<TableShape, Map<string, RowChange>>();

  constructor(private readonly shapes: ReadonlyMap<string, TableShape>) {}

  add(changes: readonly RowChange[]): void {
    for (const change of changes) {
      const rows = this.#rowsOf(change.table);
      const key = rows.shape.keyOf(change.key);
      const before = rows.changes.get(key);
      rows.changes.set(key, before === undefined ? change : merged(before, change));
    }
  }

  /** Each table that changes, with its rows' changes. */
  *tables(): Iterable<{ readonly shape: TableShape; readonly changes: Iterable<RowChange> }> {
    for (const [shape, changes] of this.#tables) yield { shape, changes: changes.values() };
  }

  #rowsOf(table: string) {
    const shape = this.shapes.get(table);
    if (shape === undefined) throw new Error(`schema.sql has no table ${table}`);
    const changes = this.#tables.get(shape) ?? new Map<string, RowChange>();
    this.#tables.set(shape, changes);
    return { shape, changes };
  }
}
