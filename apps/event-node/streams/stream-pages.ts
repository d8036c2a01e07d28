import type { EventLog } from '../log/event-log.js';
import { Frames } from '../log/frames.js';
import type { Head } from '../log/head.js';
import { FEW } from '../log/reader.js';
import type { StreamSpan } from '../log/stream-opening.js';
import { firstKept, isExpired } from '../log/visibility.js';

const SMALLEST_PAGE = 8;
const LARGEST_PAGE = 1000;
const PAGE_BYTES = 2 * 1024 * 1024;

/** What is asked for of a stream that is read up to its end. */
export const spanFrom = (first: bigint): StreamSpan => ({ first, backwards: false, count: FEW, most: Infinity });

/** What is asked for of a stream of which so many events are wanted. */
export const spanOf = (first: bigint, backwards: boolean, wanted: bigint): StreamSpan => ({
  first,
  backwards,
  count: wanted < FEW ? Number(wanted) : FEW,
  most: Number(wanted),
});

/**
 * The readable events of a stream up to its head, one way or the other: from memory, or in pages that suit their size,
 * of which the first may have come with the head. Revisions leave no gap, so that counting tells where a page ends.
 */
export async function* streamPages(
  log: EventLog,
  stream: string,
  { first, backwards, count, most }: StreamSpan,
  head: Head,
  opening?: Frames,
): AsyncGenerator<Frames, void, undefined> {
  const kept = firstKept(head);
  let next = backwards ? min(first, head.lastRevision) : max(first, kept);
  const remembered = backwards ? undefined : log.streams.find(stream, next, head.lastRevision);
  if (remembered) {
    yield readable(remembered, head, most);
    return;
  }
  let known = next === first || backwards ? opening : undefined;
  let size = count;
  for (let left = most; left > 0 && next >= kept && next <= head.lastRevision;) {
    const page: Frames =
      known ??
      (await (backwards
        ? log.reader.streamBackwards(stream, next, size)
        : log.reader.streamForwards(stream, next, size)));
    known = undefined;
    const within = page.slice(0, Number(backwards ? next - kept : head.lastRevision - next) + 1);
    if (!backwards) log.streams.add(stream, next, within);
    const readables = readable(within, head, left);
    yield readables;
    if (within.count < size) return;
    left -= readables.count;
    next += BigInt(backwards ? -within.count : within.count);
    size = Math.min(fitting(page), Math.max(left, SMALLEST_PAGE));
  }
}

/** Without those that are too old, and only so many. */
function readable(frames: Frames, head: Head, most: number): Frames {
  if (head.metadata.maxAge === undefined) return frames.slice(0, most);
  const young = [...frames.events()].filter((event) => !isExpired(event, head));
  return Frames.of(young.slice(0, most).map(({ frame }) => frame));
}

function fitting({ bytes, count }: Frames): number {
  const events = Math.floor((PAGE_BYTES * count) / bytes.length);
  return Math.min(Math.max(events, SMALLEST_PAGE), LARGEST_PAGE);
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
