export type Column = string | number | bigint | boolean | null | readonly string[];
export type Row = Readonly<Record<string, Column>>;
/** What is added to whole numbers; a fraction would not add up to the same in another order. */
export type Amounts = Readonly<Record<string, number | bigint>>;

/** What an event changes in a read model, as data: the runner folds and writes it. */
export type RowChange =
  | { readonly kind: 'insert'; readonly table: string; readonly key: Row; readonly row: Row }
  | { readonly kind: 'patch'; readonly table: string; readonly key: Row; readonly set: Row }
  | { readonly kind: 'add'; readonly table: string; readonly key: Row; readonly amounts: Amounts }
  | { readonly kind: 'delete'; readonly table: string; readonly key: Row };

/** Columns of text that tell of a person: in each row of the one whose id stands in `idColumn`. */
export interface PersonalColumns {
  readonly table: string;
  readonly columns: readonly string[];
  /** The data subject is called `<kind>:<id>`. */
  readonly kind: string;
  readonly idColumn: string;
  /** A column that is true in the rows that are personal; without it all are. */
  readonly where?: string;
}

type ColumnsOf<R extends Row, Value> = { readonly [C in keyof R]: [R[C]] extends [Value] ? C : never }[keyof R] &
  string;

type Countable<R extends Row, K extends keyof R> = {
  readonly [C in Exclude<keyof R, K> as NonNullable<R[C]> extends number | bigint ? C : never]?: number | bigint;
};

/** One table of a projection: its name, its primary key and the changes that can be made to it. */
export interface Table<R extends Row, K extends keyof R & string> {
  readonly name: string;
  readonly key: readonly K[];
  /** A whole row; one that is there already is replaced. */
  readonly insert: (row: R) => RowChange;
  /** Some columns of the row with this key; nothing happens when there is none. */
  readonly patch: (key: Pick<R, K>, set: Partial<Omit<R, K>>) => RowChange;
  /** Adds to whole numbers of the row with this key, which is made when there is none: counts from the columns' defaults. */
  readonly add: (key: Pick<R, K>, amounts: Countable<R, K>) => RowChange;
  readonly delete: (key: Pick<R, K>) => RowChange;
  /** Says that these columns hold sealed text of the data subject `<kind>:<idColumn>`, if only some rows do, where a column is true. */
  readonly tellsOf: (
    kind: string,
    idColumn: ColumnsOf<R, string>,
    columns: readonly ColumnsOf<R, string | null>[],
    where?: ColumnsOf<R, boolean>,
  ) => PersonalColumns;
}

/** Names a table of `schema.sql` and its primary key, so that changes to it are typed. */
export function table<R extends Row>() {
  return <K extends keyof R & string>(name: string, ...key: readonly K[]): Table<R, K> => ({
    name,
    key,
    insert: (row) => ({ kind: 'insert', table: name, key: pick(row, key), row }),
    patch: (of, set) => ({ kind: 'patch', table: name, key: pick(of, key), set: defined(set) }),
    add: (of, amounts) => ({ kind: 'add', table: name, key: pick(of, key), amounts: defined(amounts) }),
    delete: (of) => ({ kind: 'delete', table: name, key: pick(of, key) }),
    tellsOf: (kind, idColumn, columns, where) => ({ table: name, columns, kind, idColumn, ...(where && { where }) }),
  });
}

// Both run for every change of every event: a loop costs a quarter of what `Object.fromEntries` does.
function pick(row: Row, key: readonly string[]): Row {
  const picked: Record<string, Column> = {};
  for (const column of key) picked[column] = row[column] ?? null;
  return picked;
}

function defined<V>(values: Readonly<Record<string, V | undefined>>): Readonly<Record<string, V>> {
  const kept: Record<string, V> = {};
  for (const column in values) {
    const value = values[column];
    if (value !== undefined) kept[column] = value;
  }
  return kept;
}
