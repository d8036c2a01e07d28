import type { Connection, Submittable } from 'pg';
import { GrowingBytes } from './growing-bytes.js';

/** What stands before the first row: a signature, flags, and the length of an extension that is never there. */
const HEADER = 19;

/** What stands before a value: the number of columns, and the length of the only one. */
const ROW = 2 + 4;

/**
 * `COPY (select one column) TO STDOUT (FORMAT binary)`: the values as they are on disk, one behind the other. They are
 * taken as the client's parser finds them, one message a row: a stream of them costs three times as much.
 */
export class CopyOut implements Submittable {
  readonly done: Promise<Buffer>;
  private readonly values: GrowingBytes;
  private settle: { resolve: (values: Buffer) => void; reject: (error: Error) => void } | undefined;

  constructor(
    private readonly select: string,
    expectedBytes: number,
  ) {
    this.values = new GrowingBytes(expectedBytes);
    this.done = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  submit(connection: Connection): void {
    connection.query(`copy (${this.select}) to stdout (format binary)`);
  }

  /** The parser uses its memory again. The number of columns begins with a zero, the signature and the end do not. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.values.add(chunk.subarray(chunk[0] === 0 ? ROW : HEADER + ROW));
  }

  handleReadyForQuery(): void {
    this.settle?.resolve(this.values.bytes);
  }

  handleError(error: Error): void {
    this.settle?.reject(error);
  }

  handleCommandComplete(): void {
    // What counts is that the database is ready again.
  }
}
