import type { Pool } from 'pg';
import { findRunningStack, startEmbeddedStack } from '#embedded';
import type { MasterKeys } from '#event-store';
import { createPool } from '#read-store';
import { readConfiguration, type Configuration, type Stores } from '../server/configuration.js';
import { openMasterKeys } from '../server/master-keys.js';

/** Where a command works, and with what. */
export interface ReachedStores {
  readonly configuration: Configuration;
  readonly stores: Stores;
  readonly pool: Pool;
  readonly masterKeys: MasterKeys;
}

/** Lends the configured stores, those of the server that runs on the data folder, or else a stack started for the while. */
export async function withStores<T>(work: (reached: ReachedStores) => Promise<T>): Promise<T> {
  const configuration = readConfiguration(process.env);
  const { stores, stop } = await reach(configuration);
  try {
    const masterKeys = await openMasterKeys(configuration);
    const pool = createPool(stores.databaseUrl, { namespace: configuration.namespace });
    return await work({ configuration, stores, pool, masterKeys }).finally(() => pool.end());
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
