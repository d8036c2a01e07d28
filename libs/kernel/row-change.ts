export type Column = string | number | bigint | boolean | null | readonly string[];
export type Row = Readonly<Record<string, Column>>;

/** What an event changes in a read model, as data: the runner folds and writes it. */
export type RowChange =
  | { readonly kind: 'insert'; readonly table: string; readonly key: Row; readonly row: Row }
  | { readonly kind: 'patch'; readonly table: string; readonly key: Row; readonly set: Row }
  | { readonly kind: 'delete'; readonly table: string; readonly key: Row };

/** One table of a projection: its name, its primary key and the changes that can be made to it. */
export interface Table<R extends Row, K extends keyof R & string> {
  readonly name: string;
  readonly key: readonly K[];
  /** A whole row; one that is there already is replaced. */
  readonly insert: (row: R) => RowChange;
  /** Some columns of the row with this key; nothing happens when there is none. */
  readonly patch: (key: Pick<R, K>, set: Partial<Omit<R, K>>) => RowChange;
  readonly delete: (key: Pick<R, K>) => RowChange;
}

/** Names a table of `schema.sql` and its primary key, so that changes to it are typed. */
export function table<R extends Row>() {
  return <K extends keyof R & string>(name: string, ...key: readonly K[]): Table<R, K> => ({
    name,
    key,
    insert: (row) => ({ kind: 'insert', table: name, key: pick(row, key), row }),
    patch: (of, set) => ({ kind: 'patch', table: name, key: pick(of, key), set: defined(set) }),
    delete: (of) => ({ kind: 'delete', table: name, key: pick(of, key) }),
  });
}

const pick = (row: Row, key: readonly string[]): Row =>
  Object.fromEntries(key.map((column) => [column, row[column] ?? null]));
const defined = (set: Readonly<Record<string, Column | undefined>>): Row =>
  Object.fromEntries(Object.entries(set).flatMap(([column, value]) => (value === undefined ? [] : [[column, value]])));
