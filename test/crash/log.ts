import { EventStoreDB, LocalMasterKeys, PostgresSubjectKeys } from '#event-store';
import type { RecordedEvent } from '#kernel';
import { createPool } from '#read-store';
import { codecOf, recordedEvents } from '../../apps/server/recorded-events.js';
import type { System } from './system.js';

/** Every event there is, in the order of the log. */
export async function wholeLog(system: System<string>): Promise<readonly RecordedEvent[]> {
  const pool = createPool(system.databaseUrl);
  const store = new EventStoreDB(system.eventStoreUrl);
  const enough = new AbortController();
  try {
    const keys = new PostgresSubjectKeys(
      pool,
      'keys',
      LocalMasterKeys.holding(Buffer.from(system.masterKey, 'base64')),
    );
    const events: RecordedEvent[] = [];
    for await (const delivery of recordedEvents(store, codecOf('', keys)).subscribe('start', enough.signal)) {
      if ('unreadable' in delivery) throw delivery.unreadable.error;
      if ('event' in delivery) events.push(delivery.event);
      if ('caughtUp' in delivery) enough.abort();
    }
    return events;
  } finally {
    enough.abort();
    await store.close();
    await pool.end();
  }
}
