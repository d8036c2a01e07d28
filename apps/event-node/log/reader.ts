import { decodeEventFrame } from '../protocol/event-frame.js';
import { columnText } from './column-text.js';
import type { LogDatabase } from './database.js';
import type { Head } from './heads.js';
import { eventOfRow, type LogEvent, type LogRow } from './log-event.js';
import { recordSize } from './record-size.js';
import { firstKept, isExpired } from './visibility.js';

const COLUMNS = 'position, stream, revision, type, frame';

/** Positions grow with the bytes stored, so that a span of positions bounds what one page can hold. */
const PAGE_SPAN = 2n * 1024n * 1024n;
const PAGE_EVENTS = 1000;

export interface Page {
  readonly events: readonly LogEvent[];
  /** Where the next page begins. */
  readonly next: bigint;
}

/** Reads the log from disk, page by page. */
export class LogReader {
  constructor(private readonly database: LogDatabase) {}

  /** Events of the log from a position on, of which some may be skipped over when there is a gap. */
  async forwards(from: bigint): Promise<Page> {
    const to = from + PAGE_SPAN;
    const events = await this.select(
      'forwards',
      `position >= $1 and position < $2 order by position limit ${PAGE_EVENTS}`,
      [from.toString(), to.toString()],
    );
    const last = events.at(-1);
    return { events, next: last && events.length === PAGE_EVENTS ? last.position + 1n : to };
  }

  /** Events of the log below a position, the latest first. */
  async backwards(before: bigint): Promise<Page> {
    const from = before - PAGE_SPAN;
    const events = await this.select(
      'backwards',
      `position < $1 and position >= $2 order by position desc limit ${PAGE_EVENTS}`,
      [before.toString(), from.toString()],
    );
    const last = events.at(-1);
    return { events, next: last && events.length === PAGE_EVENTS ? last.position : from };
  }

  /** Events of a stream from a revision on. */
  streamForwards(stream: string, from: bigint, count: number): Promise<LogEvent[]> {
    return this.select('stream-forwards', 'stream = $1 and revision >= $2 order by revision limit $3', [
      columnText(stream),
      from.toString(),
      count,
    ]);
  }

  /** Events of a stream from a revision downwards. */
  streamBackwards(stream: string, from: bigint, count: number): Promise<LogEvent[]> {
    return this.select('stream-backwards', 'stream = $1 and revision <= $2 order by revision desc limit $3', [
      columnText(stream),
      from.toString(),
      count,
    ]);
  }

  async event(stream: string, revision: bigint): Promise<LogEvent | undefined> {
    const [event] = await this.streamForwards(stream, revision, 1);
    return event?.revision === revision ? event : undefined;
  }

  /** Whether a record may begin at this position: whether it lies inside none. Appends of no events have left no other trace. */
  async isBoundary(position: bigint): Promise<boolean> {
    const [before] = await this.select('boundary', 'position <= $1 order by position desc limit 1', [
      position.toString(),
    ]);
    if (!before) return false;
    const end = before.position + BigInt(recordSize(decodeEventFrame(before.frame)));
    return position === before.position || position >= end;
  }

  /** The ids at consecutive revisions of a stream. */
  async idsAt(stream: string, from: bigint, count: number): Promise<string[]> {
    const { rows } = await this.database.query<{ event_id: string }>({
      name: 'ids',
      text: 'select event_id from event_log.events where stream = $1 and revision >= $2 order by revision limit $3',
      values: [columnText(stream), from.toString(), count],
    });
    return rows.map((row) => row.event_id);
  }

  /** Where a readable event lies; undefined when it is truncated, deleted or too old. */
  async positionOf(stream: string, revision: bigint, head: Head): Promise<bigint | undefined> {
    if (revision < firstKept(head)) return undefined;
    const event = await this.event(stream, revision);
    return event && !isExpired(event, head) ? event.position : undefined;
  }

  isSurelyVisible(revision: bigint, head: Head): boolean {
    return revision >= firstKept(head) && head.metadata.maxAge === undefined;
  }

  private async select(name: string, where: string, values: readonly (string | number)[]): Promise<LogEvent[]> {
    const { rows } = await this.database.query<LogRow>({
      name,
      text: `select ${COLUMNS} from event_log.events where ${where}`,
      values: [...values],
    });
    return rows.map(eventOfRow);
  }
}
