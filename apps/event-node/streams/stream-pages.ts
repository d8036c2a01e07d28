import type { EventLog } from '../log/event-log.js';
import type { Head } from '../log/heads.js';
import type { LogEvent } from '../log/log-event.js';
import { firstKept, isExpired } from '../log/visibility.js';

const FIRST_PAGE = 100;
const SMALLEST_PAGE = 8;
const LARGEST_PAGE = 1000;
const PAGE_BYTES = 2 * 1024 * 1024;

/** The readable events of a stream up to its head, one way or the other, in pages that suit their size. */
export async function* streamPages(
  log: EventLog,
  stream: string,
  head: Head,
  first: bigint,
  backwards: boolean,
): AsyncGenerator<LogEvent, void, undefined> {
  const kept = firstKept(head);
  let next = backwards ? min(first, head.lastRevision) : max(first, kept);
  let size = FIRST_PAGE;
  while (next >= kept && next <= head.lastRevision) {
    const page = await (backwards
      ? log.reader.streamBackwards(stream, next, size)
      : log.reader.streamForwards(stream, next, size));
    for (const event of page) {
      if (event.revision < kept || event.revision > head.lastRevision) return;
      if (!isExpired(event, head)) yield event;
    }
    const last = page.at(-1);
    if (!last || page.length < size) return;
    next = backwards ? last.revision - 1n : last.revision + 1n;
    size = nextSize(page);
  }
}

function nextSize(page: readonly LogEvent[]): number {
  const bytes = page.reduce((sum, { frame }) => sum + frame.length, 0);
  const fitting = Math.floor((PAGE_BYTES * page.length) / bytes);
  return Math.min(Math.max(fitting, SMALLEST_PAGE), LARGEST_PAGE);
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
