import { createReadStream } from 'node:fs';
import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { CannotImport } from './cannot-import.js';
import type { FileOf } from './mapping.js';

/** One row as it stands in the file; `line` is where it begins, the header being line 1. */
export interface RawRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A CSV file on disk, read as a stream however large it is. */
export class CsvFile {
  /** How many rows there are; known after a survey. */
  rowCount = 0;

  constructor(
    readonly path: string,
    private readonly format: FileOf,
  ) {}

  /** The column names. */
  async header(): Promise<readonly string[]> {
    const names = this.format.header ?? (await this.firstRow());
    const header = names.map((name) => name.trim());
    const twice = header.find((name, index) => header.indexOf(name) !== index);
    if (twice !== undefined) throw new CannotImport(`${this.path}: two columns are called '${twice}'`);
    return header;
  }

  /** The rows without the header. A quote that goes wrong ends the reading: what follows it cannot be trusted. */
  async *rows(): AsyncGenerator<RawRow> {
    let isHeader = this.format.header === undefined;
    for await (const row of this.records()) {
      if (!isHeader) yield row;
      isHeader = false;
    }
  }

  /** The rows, counted: reads the file to its end, so that what is wrong with it as a whole is known early. */
  async *survey(): AsyncGenerator<RawRow> {
    let count = 0;
    for await (const row of this.rows()) {
      count += 1;
      yield row;
    }
    this.rowCount = count;
  }

  private async firstRow(): Promise<readonly string[]> {
    for await (const { fields } of this.records()) return fields;
    throw new CannotImport(`${this.path} is empty: it has not even a header row`);
  }

  private async *records(): AsyncGenerator<RawRow> {
    let last = { lines: 0, empty_lines: 0 };
    const begins = ({ empty_lines } = last) => last.lines + 1 + empty_lines - last.empty_lines;
    const lines = new WeakMap<readonly string[], number>();
    const parser = parse({
      delimiter: this.format.delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (fields, info) => {
        lines.set(fields, begins(info));
        last = info;
        return fields;
      },
    });
    pipeline(Readable.from(this.text()), parser, () => undefined);
    const records: AsyncIterable<readonly string[]> = parser;
    try {
      for await (const fields of records) yield { line: lines.get(fields) ?? 0, fields };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw new CannotImport(`${this.path}: the row that begins at line ${begins()} cannot be read: ${error.message}`);
    } finally {
      parser.destroy();
    }
  }

  private async *text(): AsyncGenerator<string> {
    const decoder = new TextDecoder(this.format.encoding, { fatal: true });
    const chunks: AsyncIterable<Buffer> = createReadStream(this.path);
    let line = 1;
    for await (const chunk of chunks) {
      const text = attempt(() => decoder.decode(chunk, { stream: true }));
      if (text === undefined) throw this.notText(line + linesBeforeBadOne(chunk, this.format.encoding));
      yield text;
      line += text.split('\n').length - 1;
    }
    if (attempt(() => decoder.decode()) === undefined) throw this.notText(line);
  }

  private notText(line: number): CannotImport {
    const { encoding } = this.format;
    return new CannotImport(
      `${this.path}: line ${line} is not ${encoding}; save the file as ${encoding}, or name its encoding in the mapping`,
    );
  }
}

/** The first line may begin inside a character that the chunk before it began. */
function linesBeforeBadOne(chunk: Buffer, encoding: string): number {
  const lines = chunk.toString('latin1').split('\n');
  const decodes = (line: string, stream: boolean) =>
    attempt(() => new TextDecoder(encoding, { fatal: true }).decode(Buffer.from(line, 'latin1'), { stream }));
  const bad = lines.findIndex((line, index) => index > 0 && decodes(line, index === lines.length - 1) === undefined);
  return Math.max(bad, 0);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
