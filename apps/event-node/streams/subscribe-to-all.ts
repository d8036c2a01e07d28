import { randomUUID } from 'node:crypto';
import { handlerFailed } from '../grpc/status.js';
import type { EventLog } from '../log/event-log.js';
import type { LogEvent } from '../log/log-event.js';
import { pagesAhead } from '../log/pages.js';
import { caughtUp, confirmation } from '../protocol/read-replies.js';
import type { FilterOptions, LogPosition, ReadFrom } from '../protocol/read-request.js';
import { Checkpoints } from './checkpoints.js';
import { everyEvent, filterOf, windowOf, type EventFilter } from './filter.js';
import { LiveFeed } from './live-feed.js';
import { Outbox } from './outbox.js';
import { checkedPosition } from './read-all.js';
import type { Reading } from './requests.js';

/** Streams/Read of the log as a subscription: history from a position, then what is appended. */
export async function subscribeToAll(
  reading: Reading,
  from: ReadFrom<LogPosition>,
  filter: FilterOptions | undefined,
): Promise<void> {
  const subscription = new AllSubscription(reading, filter);
  const start = await startAfter(reading.log, from);
  await subscription.run(start);
}

/** The position after which a subscription begins; `live` when it wants no history. */
async function startAfter(log: EventLog, from: ReadFrom<LogPosition>): Promise<bigint | 'live'> {
  if (from.kind === 'start') return -1n;
  if (from.kind === 'end') return 'live';
  const position = checkedPosition(from);
  if (position === 'nowhere') throw handlerFailed();
  if (position === 'end' || position > log.tail.position) return 'live';
  if (position > 0n && !(await log.reader.isBoundary(position))) throw handlerFailed();
  return position;
}

class AllSubscription {
  private readonly wanted: EventFilter;
  private readonly checkpoints: Checkpoints | undefined;
  private readonly isEndless: boolean;
  private readonly outbox: Outbox;

  constructor(
    private readonly reading: Reading,
    filter: FilterOptions | undefined,
  ) {
    this.outbox = new Outbox(reading.call);
    this.wanted = filter ? filterOf(filter) : everyEvent;
    const window = filter ? windowOf(filter) : 0;
    if (filter?.checkpointMultiplier === 0) throw handlerFailed();
    this.checkpoints = filter && new Checkpoints(window, Math.max(window, 1) * filter.checkpointMultiplier);
    // Pages of no event at all: the real server goes on reading them for ever.
    this.isEndless = filter !== undefined && window === 0;
  }

  async run(start: bigint | 'live'): Promise<void> {
    const { call, withIds } = this.reading;
    const live = start === 'live' ? this.goLive() : undefined;
    if (start !== 'live' && start <= 0n) this.checkpoints?.beginAtStart();
    this.outbox.add(confirmation(randomUUID()));
    await this.outbox.flush();
    if (!withIds || (start !== 'live' && this.isEndless)) return;
    const feed = start === 'live' ? live : await this.sendHistory(start);
    if (!feed) return;
    this.checkpoints?.endHistory();
    this.outbox.add(caughtUp());
    while (call.isOpen) {
      if (!this.outbox.write()) await feed.drained();
      for (const event of await feed.next()) {
        if (this.wanted(event)) await this.add(event, true);
        const due = this.checkpoints?.live(event);
        if (due) this.outbox.add(due);
        if (this.outbox.isFull && !this.outbox.write()) await feed.drained();
      }
    }
  }

  private goLive(): LiveFeed {
    const { log, call } = this.reading;
    return new LiveFeed(log.tail, call, this.checkpoints ? everyEvent : this.wanted);
  }

  /**
   * Pages from disk, then the newest events from memory, until there is nothing after the last one sent. The live
   * feed begins in the very turn in which that is seen, so that no event falls between.
   */
  private async sendHistory(after: bigint): Promise<LiveFeed | undefined> {
    const { log, call } = this.reading;
    const { tail, reader } = log;
    const isForgotten = (from: bigint): boolean => call.isOpen && !tail.remembers(from - 1n);
    for (let next = after + 1n; call.isOpen;) {
      for await (const page of pagesAhead(next, isForgotten, (from) => reader.forwards(from, tail.position))) {
        if (this.checkpoints) await this.sendFromHistory(page.frames.events());
        else await this.reading.presenter.send(page.frames, this.outbox);
        next = page.next;
      }
      const remembered = tail.since(next - 1n);
      const newest = remembered?.at(-1);
      if (remembered && !newest) return this.goLive();
      if (remembered) await this.sendFromHistory(remembered);
      if (newest) next = newest.position + 1n;
    }
    return undefined;
  }

  private async sendFromHistory(events: Iterable<LogEvent>): Promise<void> {
    for (const event of events) {
      const isMatch = this.wanted(event);
      const added = isMatch ? this.add(event) : undefined;
      if (added) await added;
      const due = this.checkpoints?.inHistory(event, isMatch);
      if (due) this.outbox.add(due);
      if (this.outbox.isFull) await this.outbox.flush();
    }
  }

  /** A promise only when the event is one that takes time, as links do. */
  private add(event: LogEvent, live = false): Promise<void> | undefined {
    const frame = this.reading.presenter.present(event, live);
    if (!(frame instanceof Promise)) {
      this.outbox.add(frame);
      return undefined;
    }
    return frame.then((resolved) => {
      this.outbox.add(resolved);
    });
  }
}
