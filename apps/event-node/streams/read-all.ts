import { CallError, Code, handlerFailed } from '../grpc/status.js';
import type { EventLog } from '../log/event-log.js';
import { Frames } from '../log/frames.js';
import { pagesAhead, type Page } from '../log/pages.js';
import type { FilterOptions, LogPosition, ReadFrom } from '../protocol/read-request.js';
import { filterOf, type EventFilter } from './filter.js';
import { Outbox } from './outbox.js';
import type { CountedRead } from './requests.js';

const LARGEST = 2n ** 63n - 1n;
const END_ON_THE_WIRE = 2n ** 64n - 1n;

/** Streams/Read of the log: forwards from a position on, backwards from below it. */
export async function readAll(
  request: CountedRead,
  from: ReadFrom<LogPosition>,
  filter: FilterOptions | undefined,
): Promise<void> {
  const { log, call, presenter, backwards, count, withIds } = request;
  const start = startOf(from);
  const wanted = filter && filterOf(filter);
  const end = log.tail.position;
  if (start === 'nowhere' || !(await isReadable(log, start, backwards))) {
    throw new CallError(Code.UNKNOWN, `Unexpected ${filter ? 'FilteredReadAllResult' : 'ReadAllResult'}: Error`);
  }
  // The real server never ends these.
  if (count === 0n || !withIds || filter?.window === 0) return;
  const outbox = new Outbox(call);
  const first = start === 'end' || (backwards && start > end) ? end + 1n : start;
  let left = Number(count);
  for await (const { frames } of pagesOf(request, first, end, filter !== undefined)) {
    const page = wanted ? matching(frames, wanted, left) : frames.slice(0, left);
    await presenter.send(page, outbox);
    left -= page.count;
    if (left === 0 || !call.isOpen) break;
  }
  outbox.write();
  call.end();
}

function matching(frames: Frames, wanted: EventFilter, most: number): Frames {
  const found: Buffer[] = [];
  for (const event of frames.events()) if (found.length < most && wanted(event)) found.push(event.frame);
  return Frames.of(found);
}

/** Pages of the log up to where it ended when the read began; without a filter no more than the reader wants. */
function pagesOf(
  { log, backwards, count }: CountedRead,
  first: bigint,
  end: bigint,
  isFiltered: boolean,
): AsyncIterable<Page> {
  let toRead = Number(count);
  const goesOn = (from: bigint): boolean => toRead > 0 && (backwards ? from > 0n : from <= end);
  return pagesAhead(first, goesOn, async (from) => {
    const most = isFiltered ? undefined : toRead;
    const page = await (backwards ? log.reader.backwards(from, most) : log.reader.forwards(from, end, most));
    if (!isFiltered) toRead -= page.frames.count;
    return page;
  });
}

function startOf(from: ReadFrom<LogPosition>): bigint | 'end' | 'nowhere' {
  if (from.kind === 'start') return 0n;
  if (from.kind === 'end') return 'end';
  return checkedPosition(from);
}

/** Only the commit position counts; the prepare position must not lie above it. */
export function checkedPosition({ commit, prepare }: LogPosition): bigint | 'end' | 'nowhere' {
  if (commit === END_ON_THE_WIRE) return prepare === END_ON_THE_WIRE ? 'end' : 'nowhere';
  if (commit > LARGEST || prepare > commit) throw handlerFailed();
  return commit;
}

/** A position must be where a record begins; forwards it may also lie beyond the end. */
async function isReadable(log: EventLog, start: bigint | 'end', backwards: boolean): Promise<boolean> {
  if (start === 'end' || start === 0n) return true;
  if (!backwards && start > log.tail.position) return true;
  if (start > log.end) return false;
  return log.reader.isBoundary(start);
}
