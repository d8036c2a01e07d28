import type { Cells } from './cells.js';
import type { Key } from './identity.js';

/** What the expressions of a record may look at. */
export interface Row {
  readonly cells: Cells;
  /** The joined rows, in the order of the mapping's joins. */
  readonly joined: readonly (Cells | undefined)[];
  /** The external key of the record. */
  readonly key: Key;
}

/** Takes a value from a row; undefined means unknown. Throws RowProblem when the row makes no sense. */
export type Read<T> = (row: Row) => T | undefined;
export type Json = string | number | boolean | readonly Json[] | { readonly [field: string]: Json };
export type Fields = Readonly<Record<string, Json>>;

/** Finds the column that a mapping names. */
export type ColumnOf = (name: string) => Read<string>;

/** The values of several columns as one key; undefined when one is empty. */
export function keyOf(columns: readonly string[], column: ColumnOf): Read<Key> {
  const reads = columns.map(column);
  return (row) => {
    const key: string[] = [];
    for (const read of reads) {
      const value = read(row);
      if (value === undefined) return undefined;
      key.push(value);
    }
    return key;
  };
}
