import { randomUUID } from 'node:crypto';
import { handlerFailed, streamDeleted } from '../grpc/status.js';
import type { LogEvent } from '../log/log-event.js';
import { NONE, TOMBSTONE } from '../log/revisions.js';
import { metaStreamOf } from '../log/stream-names.js';
import { isAbsent } from '../log/visibility.js';
import { caughtUp, confirmation } from '../protocol/read-replies.js';
import type { ReadTarget } from '../protocol/read-request.js';
import { LiveFeed } from './live-feed.js';
import { Outbox } from './outbox.js';
import { readableHead } from './read-stream.js';
import type { Reading } from './requests.js';
import { spanFrom, streamPages } from './stream-pages.js';

const STREAM_DELETED = '$streamDeleted';
const END_ON_THE_WIRE = 2n ** 64n - 1n;

/** Streams/Read of one stream as a subscription. */
export async function subscribeToStream(reading: Reading, target: ReadTarget & { kind: 'stream' }): Promise<void> {
  const { from, stream } = target;
  const isLive = from.kind === 'end' || (from.kind === 'at' && from.revision === END_ON_THE_WIRE);
  // The server begins at the revision after this one, which must be one too.
  if (!isLive && from.kind === 'at' && from.revision >= TOMBSTONE) throw handlerFailed();
  if (!isLive) await readableHead(reading.log, stream);
  const subscription = new StreamSubscription(reading, stream, from.kind === 'at' && !isLive ? from.revision : NONE);
  await subscription.run(!isLive);
}

class StreamSubscription {
  private readonly outbox: Outbox;

  constructor(
    private readonly reading: Reading,
    private readonly stream: string,
    /** The last revision sent, or not wanted. */
    private last: bigint,
  ) {
    this.outbox = new Outbox(reading.call);
  }

  async run(withHistory: boolean): Promise<void> {
    const { call, withIds } = this.reading;
    const live = withHistory ? undefined : this.goLive();
    this.outbox.add(confirmation(randomUUID()));
    await this.outbox.flush();
    if (!withIds) return;
    const feed = live ?? (await this.sendHistory());
    if (!feed) return;
    this.outbox.add(caughtUp());
    while (call.isOpen) {
      if (!this.outbox.write()) await feed.drained();
      for (const event of await feed.next()) {
        await this.add(event, true);
        if (this.outbox.isFull && !this.outbox.write()) await feed.drained();
      }
    }
  }

  private goLive(): LiveFeed {
    const { log, call } = this.reading;
    return new LiveFeed(log.tail, call, (event) => event.stream === this.stream);
  }

  /** Ends in the very turn in which it is seen that nothing is left to send: there the live feed begins. */
  private async sendHistory(): Promise<LiveFeed | undefined> {
    const { log, call } = this.reading;
    while (call.isOpen) {
      const seen = log.tail.position;
      const head = await readableHead(log, this.stream);
      if (isAbsent(head)) {
        await this.change(seen);
        continue;
      }
      for await (const page of streamPages(log, this.stream, spanFrom(this.last + 1n), head))
        for (const event of page.events()) {
          await this.add(event);
          if (this.outbox.isFull) await this.outbox.flush();
        }
      const missed = log.tail
        .since(seen)
        ?.filter(({ stream, revision }) => stream === this.stream && revision > this.last);
      if (missed?.length === 0) return this.goLive();
    }
    return undefined;
  }

  private async add(event: LogEvent, live = false): Promise<void> {
    if (event.revision <= this.last) return;
    this.last = event.revision;
    const frame = this.reading.presenter.present(event, live);
    this.outbox.add(frame instanceof Promise ? await frame : frame);
    // The server goes by the type, whoever wrote the event.
    if (event.type !== STREAM_DELETED) return;
    this.outbox.write();
    throw streamDeleted(this.stream);
  }

  /** Resolves when something was written to the stream, or to its metadata, after a position. */
  private async change(seen: bigint): Promise<void> {
    const { log, call } = this.reading;
    const concerns = ({ stream }: LogEvent): boolean => stream === this.stream || stream === metaStreamOf(this.stream);
    const remembered = log.tail.since(seen);
    if (!remembered || remembered.some(concerns)) return;
    await new Promise<void>((resolve) => {
      const stop = log.tail.listen((events) => {
        if (events.some(concerns)) done();
      });
      const done = (): void => {
        stop();
        resolve();
      };
      call.onEnd(done);
    });
  }
}
