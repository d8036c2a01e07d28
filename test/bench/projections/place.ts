import { EventStoreDB, LocalMasterKeys, PostgresSubjectKeys, type RecordedEvents } from '#event-store';
import type { RecordedEvent } from '#kernel';
import { createPool } from '#read-store';
import { codecOf, recordedEvents } from '../../../apps/server/recorded-events.js';

/** Where a log is served, and what opens its sealed fields. */
export interface Place {
  readonly eventStoreUrl: string;
  /** The database that holds the subjects' keys, and its master key. */
  readonly keysUrl: string;
  readonly masterKey: string;
}

/** The log as projections read it, with no key in memory yet. */
export async function openSource(place: Place): Promise<{ source: RecordedEvents; close: () => Promise<void> }> {
  const store = new EventStoreDB(place.eventStoreUrl);
  const { codec, close } = await openCodec(place);
  return {
    source: recordedEvents(store, codec),
    close: async () => {
      await store.close();
      await close();
    },
  };
}

/** All events of the log, or those that are wanted. */
export async function readEvents(
  place: Place,
  isWanted: (event: RecordedEvent) => boolean = () => true,
): Promise<readonly RecordedEvent[]> {
  const { source, close } = await openSource(place);
  const events: RecordedEvent[] = [];
  const over = new AbortController();
  for await (const delivery of source.subscribe('start', over.signal)) {
    if ('event' in delivery && isWanted(delivery.event)) events.push(delivery.event);
    if ('caughtUp' in delivery) over.abort();
  }
  await close();
  return events;
}

export async function openCodec({ keysUrl, masterKey }: Omit<Place, 'eventStoreUrl'>) {
  const pool = createPool(keysUrl);
  const keys = new PostgresSubjectKeys(pool, 'keys', LocalMasterKeys.holding(Buffer.from(masterKey, 'base64')));
  await keys.prepare();
  return { codec: codecOf('', keys), close: () => pool.end() };
}
