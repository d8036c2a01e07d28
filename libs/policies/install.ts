import type { ClientBase, Pool } from 'pg';
import type { Position } from '#kernel';
import {
  demandMigrated,
  inTransaction,
  migrate,
  positionOf,
  schemasOf,
  sqlFile,
  type Leased,
  type Migration,
} from '#read-store';
import type { PolicyDefinition } from './definition.js';

const migrations: readonly Migration[] = ['0001-policies', '0002-retries'].map((name) => ({
  name,
  sql: sqlFile(import.meta.url, `./migrations/${name}.sql`),
}));

/** The schema that holds checkpoints and deadlines of a tenant: no replay brings them back. */
export const policySchema = (namespace?: string): string => `${schemasOf(namespace).prefix}policies`;

/** Policies are leased like versions of projections. */
export const policyLeases = (schema: string): Leased => ({ table: `${schema}.policies`, key: 'name' });

/** Creates what is missing in Postgres. A new policy reads the log from its beginning. */
export async function installPolicies(
  pool: Pool,
  namespace: string | undefined,
  policies: readonly PolicyDefinition[],
): Promise<void> {
  const schema = policySchema(namespace);
  await inTransaction(pool, async (client) => {
    await migrate(client, schema, migrations);
    await client.query(`insert into ${schema}.policies (name) select unnest($1::text[]) on conflict do nothing`, [
      policies.map(({ policy }) => policy.name),
    ]);
  });
}

/** For those who only look at policies that a server installs. @throws NotPossible */
export const demandPolicies = (pool: Pool, namespace?: string): Promise<void> =>
  demandMigrated(pool, policySchema(namespace), migrations);

/** A policy on its way through the log, written for while the stored epoch is still this one. */
export interface Traveller extends PolicyDefinition {
  readonly epoch: bigint;
  /** How far it has read, and how far that is stored. */
  reached: Position | undefined;
  /** When the last event that it has read was recorded, if it has read one. */
  recordedAt: string | undefined;
  stored: Position | undefined;
  /** When that was, in milliseconds of the monotonic clock. */
  storedAt: number;
  /** Streams with an event that it failed on: their later events wait behind it. */
  readonly parked: Set<string>;
}

/** Where these policies stand. */
export async function loadTravellers(
  client: ClientBase,
  schema: string,
  policies: readonly PolicyDefinition[],
): Promise<readonly Traveller[]> {
  const { rows } = await client.query<{
    readonly name: string;
    readonly commit: string | null;
    readonly prepare: string | null;
    readonly epoch: string;
    readonly parked: readonly string[];
  }>(
    `select name, commit::text, prepare::text, epoch::text,
       array(select distinct stream from ${schema}.parked_events where policy = name) as parked
     from ${schema}.policies where name = any ($1)`,
    [policies.map(({ policy }) => policy.name)],
  );
  return rows.flatMap(({ name, commit, prepare, epoch, parked }) => {
    const definition = policies.find(({ policy }) => policy.name === name);
    if (definition === undefined) return [];
    const reached = positionOf({ commit, prepare });
    const place = { reached, recordedAt: undefined, stored: reached, storedAt: performance.now() };
    return [{ ...definition, ...place, epoch: BigInt(epoch), parked: new Set(parked) }];
  });
}

/** Whether one of these policies waits for somebody to run it. */
export async function anyFree(pool: Pool, schema: string, names: readonly string[], self = ''): Promise<boolean> {
  const { rows } = await pool.query(
    `select from ${schema}.policies
     where name = any ($1) and (holder is null or holder = $2 or held_until < clock_timestamp()) limit 1`,
    [names, self],
  );
  return rows.length > 0;
}
