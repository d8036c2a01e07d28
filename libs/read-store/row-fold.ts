import type { RowChange } from '#kernel';
import type { TableShape } from './catalog.js';
import { MissingTable } from './failures.js';

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

  /** Takes all changes of one event, or throws and takes none. */
  add(changes: readonly RowChange[]): void {
    const places = changes.map((change) => this.#placeOf(change));
    for (const { rows, key, change } of places) {
      const before = rows.get(key);
      rows.set(key, before === undefined ? change : merged(before, change));
    }
  }

  /** Each table that changes, with its rows' changes. */
  *tables(): Iterable<{ readonly shape: TableShape; readonly changes: Iterable<RowChange> }> {
    for (const [shape, changes] of this.#tables) yield { shape, changes: changes.values() };
  }

  #placeOf(change: RowChange) {
    const shape = this.shapes.get(change.table);
    if (shape === undefined) throw new MissingTable(change.table);
    const rows = this.#tables.get(shape) ?? new Map<string, RowChange>();
    this.#tables.set(shape, rows);
    return { rows, key: shape.keyOf(change.key), change };
  }
}
