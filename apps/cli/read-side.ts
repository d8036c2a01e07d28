import type { Pool } from 'pg';
import { CannotStart, findRunningStack, startEmbeddedStack } from '#embedded';
import { EventStoreDB, PostgresSubjectKeys, type RecordedEvents } from '#event-store';
import type { AnyProjection } from '#kernel';
import { projectionsIn } from '#projections';
import { createPool, installReadModels, NotPossible, schemasOf } from '#read-store';
import { readConfiguration, type Configuration, type Stores } from '../server/configuration.js';
import { openMasterKeys } from '../server/master-keys.js';
import { codecOf, recordedEvents } from '../server/recorded-events.js';

/** What commands on the read side work with. */
export interface ReadSide {
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly namespace: string;
  readonly projections: readonly AnyProjection[];
  readonly events: RecordedEvents;
}

/** Lends the read side of the configured stores, of the server that runs on the data folder, or else of a stack started for the while. */
export async function withReadSide<T>(work: (readSide: ReadSide) => Promise<T>): Promise<T> {
  const configuration = readConfiguration(process.env);
  const { stores, stop } = await reach(configuration);
  try {
    return await open(configuration, stores, work);
  } catch (error) {
    throw error instanceof NotPossible ? new CannotStart(error.message) : error;
  } finally {
    await stop();
  }
}

async function reach({ stores, dataFolder }: Configuration): Promise<{ stores: Stores; stop: () => Promise<void> }> {
  const found = stores ?? (await findRunningStack(dataFolder));
  if (found !== undefined) return { stores: found, stop: () => Promise.resolve() };
  const stack = await startEmbeddedStack({ folder: dataFolder, log: console.error });
  return { stores: stack, stop: () => stack.stop() };
}

async function open<T>(configuration: Configuration, stores: Stores, work: (readSide: ReadSide) => Promise<T>) {
  const { namespace, reportingZone } = configuration;
  const masterKeys = await openMasterKeys(configuration);
  const pool = createPool(stores.databaseUrl, { namespace });
  const store = new EventStoreDB(stores.eventStoreUrl);
  try {
    const keys = new PostgresSubjectKeys(pool, `${schemasOf(namespace).prefix}keys`, masterKeys);
    await keys.prepare();
    const projections = projectionsIn(reportingZone);
    await installReadModels({ pool, namespace, projections });
    const events = recordedEvents(store, codecOf(namespace, keys));
    return await work({ databaseUrl: stores.databaseUrl, pool, namespace, projections, events });
  } finally {
    await store.close();
    await pool.end();
  }
}
