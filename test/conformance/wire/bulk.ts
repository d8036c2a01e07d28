import { number, text } from '../json.js';
import type { Connection } from './connection.js';
import { Codec } from './messages.js';

const APPEND = 'event_store.client.streams.Streams/Append';
const PATIENCE = 30_000;

/** Many small events in one stream, `per` of them in each append; each `every`-th has another type. */
export async function appendInBulk(connection: Connection, bulk: Readonly<Record<string, unknown>>): Promise<void> {
  const codec = new Codec(APPEND);
  const per = number(bulk['per'], 1);
  const first = number(bulk['from']);
  const end = first + number(bulk['count']);
  for (let from = first; from < end; from += per) {
    const call = connection.open(APPEND, {}, undefined);
    call.send(codec.encode({ options: { streamIdentifier: { streamName: bulk['stream'] }, any: {} } }));
    for (let at = from; at < Math.min(from + per, end); at++)
      call.send(codec.encode({ proposedMessage: event(bulk, at) }));
    call.halfClose();
    await call.next(PATIENCE);
    const status = await call.status(PATIENCE);
    if (status['code'] !== 0) throw new Error(`an append in bulk failed: ${JSON.stringify(status)}`);
  }
}

function event({ type, every, everyType, size, ids }: Readonly<Record<string, unknown>>, at: number): unknown {
  const isOther = every !== undefined && (at + 1) % number(every) === 0;
  return {
    id: { string: `${text(ids)}-2222-4000-8000-${String(at).padStart(12, '0')}` },
    metadata: { type: isOther ? everyType : text(type, 'bulk'), 'content-type': 'application/octet-stream' },
    data: 'x'.repeat(number(size, 2)),
  };
}
