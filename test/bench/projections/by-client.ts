import { EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { aggregates } from '#crm';
import type { Place } from './place.js';

/** How long the official client takes to subscribe and decode so many events; nothing is done with them. */
export async function decodeByClient({ eventStoreUrl }: Place, events: number): Promise<number> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const start = performance.now();
  const prefixes = aggregates.map(({ decider }) => `${decider.name}-`);
  const subscription = client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes }) });
  let seen = 0;
  await new Promise<void>((resolve, reject) => {
    subscription.on('error', reject).on('data', () => {
      if (++seen === events) resolve();
    });
  });
  const took = performance.now() - start;
  await subscription.unsubscribe();
  await client.dispose();
  return took;
}
