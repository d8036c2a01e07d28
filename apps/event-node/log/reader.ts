import { decodeEventFrame } from '../protocol/event-frame.js';
import { columnText } from './column-text.js';
import type { LogDatabase } from './database.js';
import type { Head } from './head.js';
import { StoredLogEvent, type LogEvent } from './log-event.js';
import type { Page } from './pages.js';
import { recordSize } from './record-size.js';
import { firstKept, isExpired } from './visibility.js';

/** Positions grow with the bytes stored, so that a span of positions bounds what one page can hold. */
const PAGE_SPAN = 2n * 1024n * 1024n;
const PAGE_EVENTS = 1000;

/** Reads the log from disk, page by page. */
export class LogReader {
  constructor(private readonly database: LogDatabase) {}

  /** Events of the log from a position on and up to another; where there is a gap, a page may be empty. */
  async forwards(from: bigint, upTo: bigint, count = PAGE_EVENTS): Promise<Page<LogEvent>> {
    const to = min(from + PAGE_SPAN, upTo + 1n);
    const limit = Math.min(count, PAGE_EVENTS);
    const events = await this.page(`position >= ${from} and position < ${to} order by position limit ${limit}`);
    const last = events.length === limit ? events.at(-1) : undefined;
    return { events, next: last ? last.position + 1n : to };
  }

  /** Events of the log below a position, the latest first. */
  async backwards(before: bigint, count = PAGE_EVENTS): Promise<Page<LogEvent>> {
    const from = before - PAGE_SPAN;
    const limit = Math.min(count, PAGE_EVENTS);
    const events = await this.page(
      `position < ${before} and position >= ${from} order by position desc limit ${limit}`,
    );
    const last = events.length === limit ? events.at(-1) : undefined;
    return { events, next: last ? last.position : from };
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

  /** Positions and counts are numbers, so that they can stand in the text of a query. */
  private async page(where: string): Promise<LogEvent[]> {
    const frames = await this.database.copy(`select frame from event_log.events where ${where}`);
    return frames.map((frame) => new StoredLogEvent(frame));
  }

  private async select(name: string, where: string, values: readonly (string | number)[]): Promise<LogEvent[]> {
    const { rows } = await this.database.query<{ frame: Buffer }>({
      name,
      text: `select frame from event_log.events where ${where}`,
      values: [...values],
    });
    return rows.map(({ frame }) => new StoredLogEvent(frame));
  }
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
