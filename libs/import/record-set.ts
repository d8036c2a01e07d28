import { basename } from 'node:path';
import { CannotImport, RowProblem } from './cannot-import.js';
import type { Columns, Respelling } from './cells.js';
import { compileCommand } from './compile-command.js';
import { compileCondition } from './compile-condition.js';
import type { Scope } from './compile-expression.js';
import type { CsvFile, RawRow } from './csv-file.js';
import type { Identity, Key } from './identity.js';
import type { JoinTable } from './join-table.js';
import type { Mapping, Records } from './mapping.js';
import type { PreparedCommand } from './port.js';
import type { ColumnOf, Read, Row } from './row.js';
import { keyOf } from './row.js';

/** The file that records are read from. */
export interface Source {
  readonly file: CsvFile;
  readonly columns: Columns;
}

interface Context {
  readonly mapping: Mapping;
  readonly identity: Identity;
  readonly knows: Scope['knows'];
}

/** A group of records of a mapping, bound to its files: turns rows into commands. */
export class RecordSet {
  private readonly readKeys: readonly Read<Key>[];
  private readonly readJoins: readonly { readonly table: JoinTable; readonly on: string; readonly key: Read<Key> }[];
  private readonly isWanted: (row: Row) => boolean;
  private readonly rejections: readonly { readonly isMet: (row: Row) => boolean; readonly because: string }[];
  private readonly commands: readonly ((row: Row) => PreparedCommand | undefined)[];

  constructor(
    readonly records: Records,
    /** None for a record that no file tells of, and for an optional file that is absent. */
    readonly source: Source | undefined,
    private readonly joins: ReadonlyMap<string, JoinTable>,
    context: Context,
  ) {
    const column: ColumnOf = (name) => this.column(name);
    const scope = { ...context, column };
    const { key, distinct, is, where = {} } = records;
    this.readKeys =
      is !== undefined ? [() => [is]] : (distinct?.map((one) => keyOf([one], column)) ?? [keyOf(key ?? [], column)]);
    this.readJoins = [...joins.values()].map((table) => ({
      table,
      on: table.join.on.join(', '),
      key: keyOf(table.join.on, column),
    }));
    this.isWanted = compileCondition(where, column);
    this.rejections = records.reject.map(({ when, because }) => ({ isMet: compileCondition(when, column), because }));
    this.commands = records.commands.map((command) => compileCommand(command, records, scope));
  }

  get name(): string {
    return this.records.name;
  }

  /** The name of the file, without its folder. */
  get fileName(): string | undefined {
    return this.source && basename(this.source.file.path);
  }

  /** True when a file was to tell of these records and is not there. */
  get isAbsent(): boolean {
    return this.source === undefined && this.records.from !== undefined;
  }

  /** How many records there are at most. */
  get size(): number {
    return this.isAbsent ? 0 : (this.source?.file.rowCount ?? 1) * this.readKeys.length;
  }

  async *rows(): AsyncIterable<RawRow> {
    if (this.source) yield* this.source.file.rows();
    else if (!this.isAbsent) yield { line: 0, fields: [] };
  }

  respellings(): readonly Respelling[] {
    return this.source?.columns.respellings() ?? [];
  }

  /** The records that one row of the file tells of; undefined for a place without one. */
  read(raw: RawRow): readonly (Row | RowProblem | undefined)[] {
    const cells = this.source ? this.source.columns.cells(raw) : [];
    if (cells === undefined) return [new RowProblem(undefined, this.misshapen(raw))];
    return this.readKeys.map((readKey) => {
      const bare = { cells, joined: [], key: [] };
      const row = { ...bare, joined: this.readJoins.map(({ table, key }) => found(table, key(bare))) };
      const key = readKey(row);
      if (key !== undefined) return this.isWanted({ ...row, key }) ? { ...row, key } : undefined;
      const isNeeded = this.records.distinct === undefined && this.isWanted(row);
      return isNeeded ? new RowProblem(this.records.key?.join(', '), 'is empty, and the key of the row') : undefined;
    });
  }

  /** The commands that a record is; throws RowProblem when it makes no sense. */
  prepare(row: Row): readonly PreparedCommand[] {
    for (const { isMet, because } of this.rejections) if (isMet(row)) throw new RowProblem(undefined, because);
    for (const [index, { table, on, key }] of this.readJoins.entries()) {
      const value = table.isMissed && row.joined[index] === undefined ? key(row) : undefined;
      if (value !== undefined) throw new RowProblem(on, `'${value.join(', ')}' is in no row of ${table.fileName}`);
    }
    return this.commands.map((command) => command(row)).filter((command) => command !== undefined);
  }

  private misshapen({ fields }: RawRow): string {
    return `has ${fields.length} fields where the header has ${this.source?.columns.width ?? 0}`;
  }

  private column(name: string): Read<string> {
    if (name === '@value' && this.records.distinct) return ({ key }) => key[0];
    if (this.source === undefined && this.isAbsent) return () => undefined;
    const [alias = '', ...rest] = name.split('.');
    const index = [...this.joins.keys()].indexOf(alias);
    const table = this.joins.get(alias);
    if (table && rest.length > 0 && !this.source?.columns.has(name)) {
      const read = table.column(rest.join('.'));
      return ({ joined }) => read(joined[index]);
    }
    if (this.source === undefined)
      throw new CannotImport(`'${this.name}' reads no file, so it has no column '${name}'`);
    const slot = this.source.columns.slot(name);
    return ({ cells }) => cells[slot];
  }
}

const found = (table: JoinTable, key: Key | undefined) => (key === undefined ? undefined : table.find(key));
