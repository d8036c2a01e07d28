import type { Connection, Submittable } from 'pg';

/**
 * `COPY … FROM STDIN` with all its rows in one breath: a stream of rows would wait until the database asks for them,
 * and every commit would take one more way there and back.
 */
export class CopyIn implements Submittable {
  /** Resolves when the rows are committed. */
  readonly done: Promise<void>;
  private settle: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(
    private readonly statement: string,
    private readonly rows: Buffer,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  submit({ stream }: Connection): void {
    const query = Buffer.from(`${this.statement}\0`);
    stream.cork();
    stream.write(header('Q', query.length));
    stream.write(query);
    stream.write(header('d', this.rows.length));
    stream.write(this.rows);
    stream.write(header('c', 0));
    stream.uncork();
  }

  handleReadyForQuery(): void {
    this.settle?.resolve();
  }

  handleError(error: Error): void {
    this.settle?.reject(error);
  }

  handleCopyInResponse(): void {
    // It asks for what is under way already.
  }

  handleCommandComplete(): void {
    // What counts is that the database is ready again: then the rows are on disk.
  }
}

/** A message of Postgres begins with its kind and its length, which counts itself. */
function header(kind: string, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(5);
  bytes.write(kind, 'latin1');
  bytes.writeInt32BE(length + 4, 1);
  return bytes;
}
