import { columnText } from './column-text.js';
import type { PendingEvent } from './pending-batch.js';

/** What stands before the first row, and behind the last one. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const END = Buffer.from([0xff, 0xff]);

const COLUMNS = 6;
const FIXED_SIZE = 2 + 4 * COLUMNS + 8 + 8 + 16;

/** Events as `COPY event_log.events FROM STDIN (FORMAT binary)` takes them. */
export function copiedRows(events: readonly PendingEvent[]): Buffer {
  const rows = events.map((event) => ({ ...event, stream: columnText(event.stream), type: columnText(event.type) }));
  let size = HEADER.length + END.length;
  for (const { stream, type, frame } of rows)
    size += FIXED_SIZE + Buffer.byteLength(stream) + Buffer.byteLength(type) + frame.length;
  const to = new ColumnWriter(Buffer.allocUnsafe(size));
  to.raw(HEADER);
  for (const { position, stream, revision, id, type, frame } of rows) {
    to.row(COLUMNS);
    to.int8(position);
    to.text(stream);
    to.int8(revision);
    to.uuid(id);
    to.text(type);
    to.binary(frame);
  }
  to.raw(END);
  return to.bytes;
}

/** Writes columns one after the other, each behind its length. */
class ColumnWriter {
  private at = 0;

  constructor(readonly bytes: Buffer) {}

  row(columns: number): void {
    this.at = this.bytes.writeInt16BE(columns, this.at);
  }

  int8(value: bigint): void {
    this.size(8);
    this.at = this.bytes.writeBigInt64BE(value, this.at);
  }

  uuid(id: string): void {
    this.size(16);
    this.at += this.bytes.write(id.replaceAll('-', ''), this.at, 'hex');
  }

  text(value: string): void {
    const start = this.at + 4;
    const length = this.bytes.write(value, start);
    this.size(length);
    this.at += length;
  }

  binary(value: Uint8Array): void {
    this.size(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  private size(length: number): void {
    this.at = this.bytes.writeInt32BE(length, this.at);
  }
}
