import { CannotImport } from './cannot-import.js';
import type { RawRow } from './csv-file.js';
import type { FileOf } from './mapping.js';

/** The fields that a use of a file looks at, trimmed, respelt, undefined where empty. */
export type Cells = readonly (string | undefined)[];

/** How often a wrong spelling was put right. */
export interface Respelling {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  rows: number;
}

interface Slot {
  readonly column: string;
  readonly index: number;
  readonly empty: ReadonlySet<string>;
  readonly respellings: ReadonlyMap<string, Respelling>;
}

/** The columns of a file that somebody asked for; only these are read from each row. */
export class Columns {
  private readonly slots: Slot[] = [];

  constructor(
    readonly path: string,
    private readonly header: readonly string[],
    private readonly format: FileOf,
    private readonly empty: readonly string[],
  ) {}

  has(column: string): boolean {
    return this.header.includes(column);
  }

  /** Asks for a column; answers its place in `Cells`. */
  slot(column: string): number {
    const known = this.slots.findIndex((slot) => slot.column === column);
    if (known >= 0) return known;
    const index = this.header.indexOf(column);
    if (index < 0)
      throw new CannotImport(`${this.path} has no column '${column}'; its columns are ${this.header.join(', ')}`);
    const { empty = [], spelling = {} } = this.format.columns[column] ?? {};
    return (
      this.slots.push({
        column,
        index,
        empty: new Set([...this.empty, ...empty]),
        respellings: new Map(Object.entries(spelling).map(([from, to]) => [from, { column, from, to, rows: 0 }])),
      }) - 1
    );
  }

  /** The cells asked for, or undefined for a row that has not one field for each column. */
  cells({ fields }: RawRow): Cells | undefined {
    return fields.length === this.header.length ? this.slots.map((slot) => cell(slot, fields[slot.index])) : undefined;
  }

  get width(): number {
    return this.header.length;
  }

  /** Begins to count anew: a first reading does not count. */
  forgetRespellings(): void {
    for (const { respellings } of this.slots) for (const respelling of respellings.values()) respelling.rows = 0;
  }

  /** The spellings that were put right so far. */
  respellings(): readonly Respelling[] {
    return this.slots.flatMap((slot) => [...slot.respellings.values()]).filter(({ rows }) => rows > 0);
  }
}

function cell({ empty, respellings }: Slot, field = ''): string | undefined {
  const value = field.trim();
  const respelling = respellings.get(value);
  if (respelling !== undefined) respelling.rows += 1;
  const spelt = respelling?.to ?? value;
  return empty.has(spelt) ? undefined : spelt;
}
