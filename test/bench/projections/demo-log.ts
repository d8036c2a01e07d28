import type { Codec, NewEvent } from '#event-store';
import type { RecordedEvent } from '#kernel';
import { EventLog } from '../../../apps/event-node/log/event-log.js';

/** Streams that every half-year shares: they stand in the log once. */
const SHARED = /^(employee|unit|org-unit|product|campaign|process|numbers)-/;
const BATCH = 2_000;

/** An event on its way into a log. */
export interface Addressed {
  /** With the tenant's prefix. */
  readonly stream: string;
  readonly revision: bigint;
  readonly event: NewEvent;
}

/**
 * The demo's half-year again and again, each time with people and records of its own: as many side by side as asked
 * for, so that a lead's events lie as far apart as in a larger company. Checked and sealed by the code that does it
 * in earnest.
 */
export class DemoLog {
  readonly #events: Iterator<RecordedEvent, never>;

  constructor(
    template: readonly RecordedEvent[],
    private readonly codec: Codec,
    sideBySide: number,
    /** Logs that begin at different half-years have no record in common, except the shared ones, which only the first has. */
    first = 1,
  ) {
    this.#events = halfYears(template, sideBySide, first);
  }

  next(count: number): Promise<readonly Addressed[]> {
    const events = Array.from({ length: count }, () => this.#events.next().value);
    return Promise.all(events.map((event) => this.#encoded(event)));
  }

  async #encoded(copied: RecordedEvent): Promise<Addressed> {
    const { type, data, eventId, stream, streamId: _id, revision, position: _position, ...envelope } = copied;
    const [event] = await this.codec.encode(stream, [{ eventId, event: { type, data }, envelope }]);
    if (event === undefined) throw new Error(`${type} is not stored`);
    return { stream: this.codec.prefix + stream, revision, event };
  }
}

/** Writes so many events into the log of a database as the event node does, only without the network between. */
export async function fillLog(databaseUrl: string, events: DemoLog, count: number): Promise<void> {
  const log = await EventLog.open(databaseUrl, (error) => {
    throw error;
  });
  let written = Promise.resolve();
  for (let done = 0; done < count; done += BATCH) {
    const batch = await events.next(Math.min(BATCH, count - done));
    // One batch is written while the next is made.
    await written;
    written = write(log, batch);
  }
  await written;
  await log.close();
}

async function write(log: EventLog, batch: readonly Addressed[]): Promise<void> {
  let left = batch.length;
  await new Promise<void>((resolve, reject) => {
    for (const { stream, revision, event } of batch)
      log.writer.append({ kind: 'append', stream, expected: revision - 1n, events: [stored(event)] }, ({ kind }) => {
        if (kind !== 'written') reject(new Error(`${stream}@${revision}: ${kind}`));
        else if (--left === 0) resolve();
      });
  });
}

const stored = ({ id, type, data, metadata }: NewEvent) => ({
  ...{ id, type, json: true },
  ...{ data: Buffer.from(JSON.stringify(data)), metadata: Buffer.from(JSON.stringify(metadata)) },
});

function* halfYears(
  template: readonly RecordedEvent[],
  sideBySide: number,
  first: number,
): Generator<RecordedEvent, never> {
  const shared = new Set(template.filter(({ stream }) => SHARED.test(stream)).map(({ streamId }) => streamId));
  if (first === 1) for (const event of template) if (SHARED.test(event.stream)) yield event;
  const own = template.filter(({ stream }) => !SHARED.test(stream)).map((event) => renamer(event, shared));
  for (let begin = first; ; begin += sideBySide)
    for (const renamed of own) for (let copy = begin; copy < begin + sideBySide; copy++) yield renamed(copy);
}

/** A UUID, or what an identity is hashed to. */
const ID = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})/;
const PRIME = 1_000_003;

/** Makes the same event of other people: all ids are others, except the shared ones. */
function renamer({ revision, position, ...rest }: RecordedEvent, shared: ReadonlySet<string>) {
  // Every second part is an id.
  const parts = JSON.stringify(rest).split(ID);
  return (copy: number): RecordedEvent => {
    let text = '';
    for (const [place, part] of parts.entries()) text += place % 2 === 0 || shared.has(part) ? part : moved(part, copy);
    return { ...(JSON.parse(text) as Omit<RecordedEvent, 'revision' | 'position'>), revision, position };
  };
}

const moved = (id: string, copy: number): string =>
  id.slice(0, -12) + ((Number.parseInt(id.slice(-12), 16) + copy * PRIME) % 2 ** 48).toString(16).padStart(12, '0');
