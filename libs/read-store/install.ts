import type { AnyProjection } from '#kernel';
import type { ClientBase, Pool } from 'pg';
import { ensureAnalyst } from './analyst.js';
import { changeVersions } from './change-versions.js';
import { demandMigrated, isMigrated, lockUntilCommit, migrate, readStoreMigrations } from './migrations.js';
import { inTransaction, withClient } from './pool.js';
import { fingerprint, schemasOf, type Schemas } from './schemas.js';
import { holdVersions, isBehind, makeLiving } from './switch.js';
import { createVersion, type VersionState } from './versions.js';

export interface ReadModels {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  /** In this order their analytics are installed: a file may use what an earlier one defines. */
  readonly projections: readonly AnyProjection[];
}

/** Creates what is missing in Postgres. A changed projection gets new tables; its readers keep the old ones until those are filled. */
export async function installReadModels({ pool, namespace, projections }: ReadModels): Promise<void> {
  const schemas = schemasOf(namespace);
  if (!(await withClient(pool, (client) => isInstalled(client, schemas, projections))))
    await change(pool, schemas, projections);
  await inTransaction(pool, async (client) => {
    await lockUntilCommit(client, schemas.readStore);
    await ensureAnalyst(client, schemas);
  });
}

const change = (pool: Pool, schemas: Schemas, projections: readonly AnyProjection[]): Promise<void> =>
  changeVersions(pool, schemas, async (client) => {
    await migrate(client, schemas.readStore, readStoreMigrations);
    const isFresh = await nothingRead(client, schemas);
    for (const projection of projections) await declare(client, schemas, projection, isFresh ? 'ready' : 'building');
    await showDeclared(client, schemas, projections);
  });

/** For those who only look at read models that a server installs, and change nothing. @throws NotPossible */
export const demandReadModels = (pool: Pool, namespace?: string): Promise<void> =>
  demandMigrated(pool, schemasOf(namespace).readStore, readStoreMigrations);

interface Installed {
  readonly projection: string;
  readonly fingerprint: string;
  readonly state: VersionState;
  readonly analytics: string;
  readonly place: number;
}

/** Whether nothing is missing and nothing is to be shown. Looks without a lock: most programs start beside whatever holds one. */
async function isInstalled(
  client: ClientBase,
  schemas: Schemas,
  projections: readonly AnyProjection[],
): Promise<boolean> {
  if (!(await isMigrated(client, schemas.readStore, readStoreMigrations))) return false;
  const { rows } = await client.query<Installed>(
    `select projection, fingerprint, state, analytics, place from ${schemas.readStore}.versions
     order by state = 'living' desc, created_at desc`,
  );
  if (rows.some(({ state }) => state === 'superseded')) return false;
  const known = projections.map((one) =>
    rows.find((row) => row.projection === one.name && row.fingerprint === fingerprint(one)),
  );
  if (known.some((one) => one === undefined || one.state === 'kept')) return false;
  const isShown = projections.every(({ analytics = '' }, place) => {
    const version = known[place];
    return version?.state === 'living' && version.analytics === analytics && version.place === place;
  });
  if (isShown) return rows.filter(({ state }) => state === 'living').length === projections.length;
  return (await presentables(client, schemas, projections)) === undefined;
}

/** Shows the projections as the program declares them, together, once each of them is filled and none has dead letters. Tells whether readers now see other versions. */
export async function showDeclared(
  client: ClientBase,
  schemas: Schemas,
  projections: readonly AnyProjection[],
): Promise<boolean> {
  await holdVersions(client, schemas);
  const chosen = await presentables(client, schemas, projections);
  if (chosen === undefined) return false;
  for (const [place, { analytics = '' }] of projections.entries())
    await client.query(`update ${schemas.readStore}.versions set analytics = $2, place = $3 where schema_name = $1`, [
      chosen[place],
      analytics,
      place,
    ]);
  return makeLiving(client, schemas, chosen, { only: true });
}

async function nothingRead(client: ClientBase, { readStore }: Schemas): Promise<boolean> {
  const { rows } = await client.query(`select from ${readStore}.versions where commit is not null limit 1`);
  return rows.length === 0;
}

/** A version from an earlier time, when the program was the same, is filled on instead of built anew; one rolled back from stays away. */
async function declare(
  client: ClientBase,
  schemas: Schemas,
  projection: AnyProjection,
  state: 'building' | 'ready',
): Promise<void> {
  const { rows } = await client.query<{ schema: string; state: string }>(
    `select schema_name as schema, state from ${schemas.readStore}.versions
     where projection = $1 and fingerprint = $2 order by state = 'living' desc, created_at desc`,
    [projection.name, fingerprint(projection)],
  );
  const [known] = rows;
  if (known === undefined) await createVersion(client, schemas, projection, state);
  else if (known.state === 'kept')
    await client.query(`update ${schemas.readStore}.versions set state = 'building' where schema_name = $1`, [
      known.schema,
    ]);
}

/** A version of each projection that readers may see; undefined while one has none. */
async function presentables(
  client: ClientBase,
  schemas: Schemas,
  projections: readonly AnyProjection[],
): Promise<readonly string[] | undefined> {
  const chosen: string[] = [];
  for (const projection of projections) {
    const schema = await presentable(client, schemas, projection);
    if (schema === undefined) return undefined;
    chosen.push(schema);
  }
  return chosen;
}

/** The version that readers may see of a projection: the one they see, or else one that is filled. */
async function presentable(
  client: ClientBase,
  schemas: Schemas,
  projection: AnyProjection,
): Promise<string | undefined> {
  const { rows } = await client.query<{ schema: string }>(
    `select schema_name as schema from ${schemas.readStore}.versions as version
     where projection = $1 and fingerprint = $2
       and (state = 'living' or state = 'ready' and not ${isBehind(schemas, 'version')} and not exists (
         select from ${schemas.readStore}.dead_letters as letter
         where letter.schema_name = version.schema_name and resolution is null))
     order by state = 'living' desc, created_at desc limit 1`,
    [projection.name, fingerprint(projection)],
  );
  return rows[0]?.schema;
}
