import type { Pool } from 'pg';
import { CannotStart } from '#embedded';
import { EventStoreDB, PostgresSubjectKeys, type RecordedEvents } from '#event-store';
import type { AnyProjection } from '#kernel';
import { installedReportingZone, projectionsIn } from '#projections';
import { demandReadModels, NotPossible, schemasOf } from '#read-store';
import { codecOf, recordedEvents } from '../server/recorded-events.js';
import { withStores } from './stores.js';

/** What commands on the read side work with. */
export interface ReadSide {
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly namespace: string;
  readonly projections: readonly AnyProjection[];
  readonly events: RecordedEvents;
}

/** Lends the read side of the stores that `withStores` reaches, as servers have installed it: it is theirs to change. */
export function withReadSide<T>(work: (readSide: ReadSide) => Promise<T>): Promise<T> {
  return withStores(async ({ configuration, stores, pool, masterKeys }) => {
    const { namespace, reportingZone } = configuration;
    const store = new EventStoreDB(stores.eventStoreUrl);
    try {
      await demandReadModels(pool, namespace);
      const projections = projectionsIn((await installedReportingZone(pool, namespace)) ?? reportingZone);
      const keys = new PostgresSubjectKeys(pool, schemasOf(namespace).keys, masterKeys);
      const events = recordedEvents(store, codecOf(namespace, keys));
      return await work({ databaseUrl: stores.databaseUrl, pool, namespace, projections, events });
    } catch (error) {
      throw error instanceof NotPossible ? new CannotStart(error.message) : error;
    } finally {
      await store.close();
    }
  });
}
