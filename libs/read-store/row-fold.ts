import type { Amounts, Column, Row, RowChange } from '#kernel';
import type { TableShape } from './catalog.js';
import { MissingTable } from './failures.js';

/** The one change that does to a row what `before` and then `change` would do; undefined when it takes both of them. */
export function merged(before: RowChange, change: RowChange): RowChange | undefined {
  switch (change.kind) {
    case 'insert':
    case 'delete':
      return change;
    case 'patch':
      if (before.kind === 'insert') return { ...before, row: { ...before.row, ...change.set } };
      if (before.kind === 'patch') return { ...before, set: { ...before.set, ...change.set } };
      return before.kind === 'delete' ? before : undefined;
    case 'add': {
      if (before.kind === 'add')
        return { ...before, amounts: { ...before.amounts, ...sums(before.amounts, change.amounts) } };
      // What an insert leaves to the column's default cannot be counted on from here.
      if (
        before.kind !== 'insert' ||
        !Object.keys(change.amounts).every((column) => before.row[column] === null || isCount(before.row[column]))
      )
        return undefined;
      return { ...before, row: { ...before.row, ...sums(before.row, change.amounts) } };
    }
  }
}

const isCount = (value: Column | undefined): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** What the amounts make of these values; no value counts as nothing, as it does in Postgres. */
function sums(values: Row, amounts: Amounts): Amounts {
  const sum: Record<string, bigint> = {};
  for (const [column, amount] of Object.entries(amounts)) {
    const value = values[column] ?? 0n;
    sum[column] = BigInt(amount) + (isCount(value) ? BigInt(value) : 0n);
  }
  return sum;
}

type Changes = Map<string, RowChange>;

/** The changes of a batch, one per row however often events touched it; a row that needs several has them in turn. */
export class RowFold {
  readonly #tables = new Map<TableShape, Changes[]>();

  constructor(private readonly shapes: ReadonlyMap<string, TableShape>) {}

  /** Takes all changes of one event, or throws and takes none. */
  add(changes: readonly RowChange[]): void {
    const places = changes.map((change) => {
      const shape = this.#shapeOf(change.table);
      return { shape, key: shape.keyOf(change.key), change };
    });
    for (const { shape, key, change } of places) this.#put(shape, key, change);
  }

  /** Each table that changes, with its rows' changes; one that comes again has more of them, to be made afterwards. */
  *tables(): Iterable<{ readonly shape: TableShape; readonly changes: Iterable<RowChange> }> {
    for (const [shape, turns] of this.#tables) for (const changes of turns) yield { shape, changes: changes.values() };
  }

  #put(shape: TableShape, key: string, change: RowChange): void {
    let turns = this.#tables.get(shape);
    if (turns === undefined) this.#tables.set(shape, (turns = [new Map<string, RowChange>()]));
    const turn = turns.findLastIndex((changes) => changes.has(key));
    const before = turns[turn]?.get(key);
    const both = before === undefined ? change : merged(before, change);
    if (both === undefined) turns[turn + 1] = (turns[turn + 1] ?? new Map<string, RowChange>()).set(key, change);
    else turns[Math.max(turn, 0)]?.set(key, both);
  }

  #shapeOf(table: string): TableShape {
    const shape = this.shapes.get(table);
    if (shape === undefined) throw new MissingTable(table);
    return shape;
  }
}
