import { decodeEventFrame } from '../protocol/event-frame.js';
import { isDigest } from './column-text.js';

/** An event of the log, as subscribers and reads see it. */
export interface LogEvent {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  readonly frame: Buffer;
}

/** A row of the log table. */
export interface LogRow {
  readonly position: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly frame: Buffer;
}

export function eventOfRow(row: LogRow): LogEvent {
  const digest = isDigest(row.stream) || isDigest(row.type);
  const { stream, type } = digest ? decodeEventFrame(row.frame) : row;
  return { position: BigInt(row.position), stream, revision: BigInt(row.revision), type, frame: row.frame };
}
