import type { ClientBase, Pool } from 'pg';
import type { Schemas } from './schemas.js';
import type { VersionState } from './versions.js';

/** How long a silent holder keeps its versions from others. */
export const LEASE_MS = 5_000;

/** The end of a lease that is taken or kept up now, by the clock of Postgres. */
export const leaseEnd = `clock_timestamp() + interval '${LEASE_MS} ms'`;

/** Somebody else may feed these versions by now. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('The lease was not kept up in time; another runner may have taken over');
  }
}

/** Takes the versions that nobody holds, each with a new epoch: whoever held one before can no longer write to it. */
export async function takeLeases(
  client: ClientBase,
  schemas: Schemas,
  holder: string,
  wanted: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ schema: string }>(
    // A holder that was halted in a transaction keeps its row locked until Postgres ends it: not to be waited for.
    `with free as (
       select schema_name from ${schemas.readStore}.versions
       where schema_name = any ($1) and (holder is null or holder = $2 or held_until < clock_timestamp())
       order by schema_name for update skip locked
     )
     update ${schemas.readStore}.versions as version
     set holder = $2, held_until = ${leaseEnd}, epoch = epoch + 1
     from free where version.schema_name = free.schema_name
     returning version.schema_name as schema`,
    [wanted, holder],
  );
  return new Set(rows.map(({ schema }) => schema));
}

/** Keeps the leases up; fails when one is held by somebody else. */
export async function renewLeases(
  pool: Pool,
  schemas: Schemas,
  holder: string,
  held: readonly string[],
): Promise<void> {
  const { rowCount } = await pool.query(
    `update ${schemas.readStore}.versions set held_until = ${leaseEnd} where schema_name = any ($1) and holder = $2`,
    [held, holder],
  );
  if (rowCount !== held.length) throw new LeaseLost();
}

/** Lets others take over at once. */
export async function giveUpLeases(pool: Pool, schemas: Schemas, holder: string): Promise<void> {
  await pool.query(`update ${schemas.readStore}.versions set holder = null, held_until = null where holder = $1`, [
    holder,
  ]);
}

/** Whether a version of these projections and states waits for somebody to feed it. */
export async function anyFree(
  pool: Pool,
  schemas: Schemas,
  fingerprints: readonly string[],
  states: readonly VersionState[],
  self = '',
): Promise<boolean> {
  const { rows } = await pool.query(
    `select from ${schemas.readStore}.versions
     where fingerprint = any ($1) and state = any ($2) and (holder is null or holder = $3 or held_until < clock_timestamp()) limit 1`,
    [fingerprints, states, self],
  );
  return rows.length > 0;
}
