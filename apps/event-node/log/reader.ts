import { escapeLiteral } from 'pg';
import { decodeEventFrame } from '../protocol/event-frame.js';
import { BlockMemory } from './block-memory.js';
import { columnText } from './column-text.js';
import type { LogDatabase } from './database.js';
import { Frames } from './frames.js';
import type { Head } from './head.js';
import type { LogEvent } from './log-event.js';
import type { Page } from './pages.js';
import { recordSize } from './record-size.js';
import { firstKept, isExpired } from './visibility.js';

/** Positions grow with the bytes stored, so that a span of positions bounds what one block or page can hold. */
export const BLOCK = 512n * 1024n;
const BLOCK_BYTES = 640 * 1024;
const PAGE_SPAN = 2n * 1024n * 1024n;
const PAGE_EVENTS = 1000;
const PAGE_BYTES = 64 * 1024;

/** So many events are worth a whole block. */
const MANY = 100;

/** For so few events a statement that is planned already beats one that is cheap for each of them. */
export const FEW = 16;

/** Reads the log: blocks from memory when they were read lately, all else from disk, page by page. */
export class LogReader {
  private readonly blocks = new BlockMemory((number) =>
    this.copy(`position >= ${number * BLOCK} and position < ${(number + 1n) * BLOCK} order by position`, BLOCK_BYTES),
  );

  constructor(private readonly database: LogDatabase) {}

  /** Events of the log from a position on, up to another and about so many; where there is a gap, a page may be empty. */
  async forwards(from: bigint, upTo: bigint, count = PAGE_EVENTS): Promise<Page> {
    const number = from / BLOCK;
    const next = (number + 1n) * BLOCK;
    const isWhole = next <= upTo + 1n;
    if (isWhole && (count >= MANY || this.blocks.has(number))) {
      const block = await this.blocks.get(number);
      return { frames: from % BLOCK === 0n ? block : block.since(from), next };
    }
    const to = isWhole ? next : upTo + 1n;
    const limit = Math.min(count, PAGE_EVENTS);
    const frames = await this.copy(`position >= ${from} and position < ${to} order by position limit ${limit}`);
    const last = frames.count === limit ? frames.last : undefined;
    return { frames, next: last ? last.position + 1n : to };
  }

  /** Events of the log below a position, the latest first. */
  async backwards(before: bigint, count = PAGE_EVENTS): Promise<Page> {
    const from = before - PAGE_SPAN;
    const limit = Math.min(count, PAGE_EVENTS);
    const frames = await this.copy(
      `position < ${before} and position >= ${from} order by position desc limit ${limit}`,
    );
    const last = frames.count === limit ? frames.last : undefined;
    return { frames, next: last ? last.position : from };
  }

  /** Events of a stream from a revision on. */
  streamForwards(stream: string, from: bigint, count: number): Promise<Frames> {
    return this.streamPage('stream-forwards', stream, `>=`, from, 'asc', count);
  }

  /** Events of a stream from a revision downwards. */
  streamBackwards(stream: string, from: bigint, count: number): Promise<Frames> {
    return this.streamPage('stream-backwards', stream, '<=', from, 'desc', count);
  }

  async event(stream: string, revision: bigint): Promise<LogEvent | undefined> {
    const event = (await this.streamForwards(stream, revision, 1)).last;
    return event?.revision === revision ? event : undefined;
  }

  /** Whether a record may begin at this position: whether it lies inside none. Appends of no events have left no other trace. */
  async isBoundary(position: bigint): Promise<boolean> {
    const before = (
      await this.select('boundary', 'position <= $1 order by position desc limit 1', [position.toString()])
    ).last;
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

  private streamPage(
    name: string,
    stream: string,
    comparison: string,
    from: bigint,
    order: string,
    count: number,
  ): Promise<Frames> {
    const where = (...[key, revision, limit]: readonly [string, string, string]): string =>
      `stream = ${key} and revision ${comparison} ${revision} order by revision ${order} limit ${limit}`;
    const key = columnText(stream);
    if (count > FEW) return this.copy(where(escapeLiteral(key), String(from), String(count)));
    return this.select(name, where('$1', '$2', '$3'), [key, from.toString(), count]);
  }

  /** Takes no parameters: what stands in the text of the query must be a number, or escaped. */
  private async copy(where: string, expectedBytes = PAGE_BYTES): Promise<Frames> {
    return new Frames(await this.database.copy(`select frame from event_log.events where ${where}`, expectedBytes));
  }

  private async select(name: string, where: string, values: readonly (string | number)[]): Promise<Frames> {
    const { rows } = await this.database.query<{ frame: Buffer }>({
      name,
      text: `select frame from event_log.events where ${where}`,
      values: [...values],
    });
    return Frames.of(rows.map(({ frame }) => frame));
  }
}
