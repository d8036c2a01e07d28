import type { AnyProjection } from '#kernel';
import type { Pool } from 'pg';
import { migrate, readStoreMigrations } from './migrations.js';
import { inTransaction } from './pool.js';
import { schemasOf } from './schemas.js';
import { displacesNothing, showVersions } from './surface.js';
import { createVersions } from './versions.js';

export interface ReadModels {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  /** In this order their analytics are installed: a file may use what an earlier one defines. */
  readonly projections: readonly AnyProjection[];
}

/** Creates what is missing in Postgres. A changed projection gets new tables; its readers keep the old ones until those are filled. */
export async function installReadModels({ pool, namespace, projections }: ReadModels): Promise<void> {
  const schemas = schemasOf(namespace);
  await inTransaction(pool, async (client) => {
    await migrate(client, schemas.readStore, readStoreMigrations);
    await createVersions(client, schemas, projections);
    if (await displacesNothing(client, schemas, projections)) await showVersions(client, schemas, projections);
  });
}
