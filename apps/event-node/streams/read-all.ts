import { CallError, Code, handlerFailed } from '../grpc/status.js';
import type { EventLog } from '../log/event-log.js';
import type { LogEvent } from '../log/log-event.js';
import { pagesAhead, type Page } from '../log/pages.js';
import type { FilterOptions, LogPosition, ReadFrom } from '../protocol/read-request.js';
import { everyEvent, filterOf } from './filter.js';
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
  const wanted = filter ? filterOf(filter) : everyEvent;
  const end = log.tail.position;
  if (start === 'nowhere' || !(await isReadable(log, start, backwards))) {
    throw new CallError(Code.UNKNOWN, `Unexpected ${filter ? 'FilteredReadAllResult' : 'ReadAllResult'}: Error`);
  }
  // The real server never ends these.
  if (count === 0n || !withIds || filter?.window === 0) return;
  const outbox = new Outbox(call);
  let left = count;
  const first = start === 'end' || (backwards && start > end) ? end + 1n : start;
  for await (const { events } of pagesOf(request, first, end, filter !== undefined)) {
    for (const event of events) {
      if (!wanted(event)) continue;
      const frame = presenter.present(event);
      outbox.add(frame instanceof Promise ? await frame : frame);
      if (outbox.isFull) await outbox.flush();
      if (--left === 0n || !call.isOpen) break;
    }
    if (left === 0n || !call.isOpen) break;
  }
  outbox.write();
  call.end();
}

/** Pages of the log up to where it ended when the read began; without a filter no more than the reader wants. */
function pagesOf(
  { log, backwards, count }: CountedRead,
  first: bigint,
  end: bigint,
  isFiltered: boolean,
): AsyncIterable<Page<LogEvent>> {
  let toRead = count;
  const goesOn = (from: bigint): boolean => toRead > 0n && (backwards ? from > 0n : from <= end);
  return pagesAhead(first, goesOn, async (from) => {
    const most = isFiltered ? undefined : Number(toRead);
    const page = await (backwards ? log.reader.backwards(from, most) : log.reader.forwards(from, end, most));
    if (!isFiltered) toRead -= BigInt(page.events.length);
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
