import { LocalMasterKeys, EventStoreDB, PostgresSubjectKeys, type RecordedEvents } from '#event-store';
import { projectionsIn } from '#projections';
import { createPool, schemasOf, verifyProjections, type ExplainedDifference } from '#read-store';
import type { Pool } from 'pg';
import { codecOf, recordedEvents } from '../../apps/server/recorded-events.js';
import type { Tenant } from './server.js';

/** Lends the log and the read models of a tenant, as a server has them. */
export async function withReadSide<T>(
  { databaseUrl, eventStoreUrl, namespace, masterKey }: Tenant,
  work: (readSide: { pool: Pool; namespace: string; source: RecordedEvents }) => Promise<T>,
): Promise<T> {
  const pool = createPool(databaseUrl, { namespace });
  const store = new EventStoreDB(eventStoreUrl);
  try {
    const keys = new PostgresSubjectKeys(
      pool,
      schemasOf(namespace).keys,
      LocalMasterKeys.holding(Buffer.from(masterKey, 'base64')),
    );
    return await work({ pool, namespace, source: recordedEvents(store, codecOf(namespace, keys)) });
  } finally {
    await store.close();
    await pool.end();
  }
}

/** Every row of every projection that a fresh rebuild has otherwise. */
export const differencesFromRebuild = (tenant: Tenant): Promise<readonly ExplainedDifference[]> =>
  withReadSide(tenant, async (readSide) => {
    const verified = await verifyProjections({ ...readSide, projections: projectionsIn('UTC') });
    return verified.flatMap(({ differences }) => differences);
  });
