import { basename } from 'node:path';
import type { Cells, Columns } from './cells.js';
import type { RawRow } from './csv-file.js';
import type { Key } from './identity.js';
import { keyText } from './identity.js';
import type { JoinOf } from './mapping.js';

/** The rows of another file by their key, with only the columns that somebody asked for. The first row of a key counts. */
export class JoinTable {
  private readonly rows = new Map<string, Cells>();
  private readonly key: readonly number[];

  constructor(
    readonly join: JoinOf,
    /** None when the file is optional and absent: then no row is found, and none is missed. */
    private readonly columns: Columns | undefined,
  ) {
    this.key = columns === undefined ? [] : (join.by ?? join.on).map((column) => columns.slot(column));
  }

  /** The name of the file, without its folder. */
  get fileName(): string {
    return basename(this.columns?.path ?? this.join.file);
  }

  /** True when it matters that a row is not found. */
  get isMissed(): boolean {
    return this.columns !== undefined && this.join.missing === 'reject';
  }

  /** Asks for a column; answers how to read it from a row of this table. */
  column(name: string): (cells: Cells | undefined) => string | undefined {
    const slot = this.columns?.slot(name);
    return (cells) => (slot === undefined ? undefined : cells?.[slot]);
  }

  add(raw: RawRow): void {
    const cells = this.columns?.cells(raw);
    if (cells === undefined) return;
    const key = keyText(this.key.map((slot) => cells[slot] ?? ''));
    if (!this.rows.has(key)) this.rows.set(key, cells);
  }

  find(key: Key): Cells | undefined {
    return this.rows.get(keyText(key));
  }
}
