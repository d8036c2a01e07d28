import type { EventLog } from '../log/event-log.js';
import type { Head } from '../log/head.js';
import type { LogEvent } from '../log/log-event.js';
import type { StreamSpan } from '../log/stream-opening.js';
import { firstKept, isExpired } from '../log/visibility.js';

const FIRST_PAGE = 100;
const SMALLEST_PAGE = 8;
const LARGEST_PAGE = 1000;
const PAGE_BYTES = 2 * 1024 * 1024;

/** What is asked for at first of a stream that is read up to its end. */
export const spanFrom = (first: bigint): StreamSpan => ({ first, backwards: false, count: FIRST_PAGE });

/** What is asked for at first of a stream of which so many events are wanted. */
export const firstSpan = (first: bigint, backwards: boolean, wanted: bigint): StreamSpan => ({
  first,
  backwards,
  count: wanted < FIRST_PAGE ? Number(wanted) : FIRST_PAGE,
});

/**
 * The readable events of a stream up to its head, one way or the other, in pages that suit their size. The first page
 * may have come with the head. Revisions leave no gap, so that counting tells where a page goes beyond.
 */
export async function* streamPages(
  log: EventLog,
  stream: string,
  { first, backwards, count }: StreamSpan,
  head: Head,
  opening?: readonly LogEvent[],
): AsyncGenerator<readonly LogEvent[], void, undefined> {
  const kept = firstKept(head);
  let next = backwards ? min(first, head.lastRevision) : max(first, kept);
  let known = next === first || backwards ? opening : undefined;
  let size = count;
  while (next >= kept && next <= head.lastRevision) {
    const page: readonly LogEvent[] =
      known ??
      (await (backwards
        ? log.reader.streamBackwards(stream, next, size)
        : log.reader.streamForwards(stream, next, size)));
    known = undefined;
    const within = page.slice(0, Number(backwards ? next - kept : head.lastRevision - next) + 1);
    yield within.filter((event) => !isExpired(event, head));
    const last = within.at(-1);
    if (!last || within.length < size) return;
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
