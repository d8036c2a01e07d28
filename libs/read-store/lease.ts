import type { ClientBase, Pool } from 'pg';
import type { Schemas } from './schemas.js';
import type { VersionState } from './versions.js';

/** How long a silent holder keeps its versions from others, if nobody says otherwise. */
export const LEASE_MS = 5_000;

/** The end of a lease that is taken or kept up now, by the clock of Postgres. */
const leaseEnd = ({ forMs = LEASE_MS }: Leased) => `clock_timestamp() + interval '${forMs} ms'`;

/** A table whose rows are held by one process at a time: it has the columns holder, held_until and epoch. */
export interface Leased {
  readonly table: string;
  readonly key: string;
  /** How long a silent holder keeps its rows from others. */
  readonly forMs?: number | undefined;
}

/** Versions of projections are leased. */
export const versionLeases = ({ readStore }: Schemas, forMs?: number): Leased => ({
  table: `${readStore}.versions`,
  key: 'schema_name',
  forMs,
});

/** Somebody else may feed these versions by now. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('The lease was not kept up in time; another runner may have taken over');
  }
}

/** Takes the rows that nobody holds, each with a new epoch: whoever held one before can no longer write for it. */
export async function takeLeases(
  client: ClientBase,
  leased: Leased,
  holder: string,
  wanted: readonly string[],
): Promise<ReadonlySet<string>> {
  const { table, key } = leased;
  await endHalted(client, leased, wanted);
  const { rows } = await client.query<{ taken: string }>(
    // A holder that was halted in a transaction keeps its row locked until Postgres ends it: not to be waited for.
    `with free as (
       select ${key} from ${table}
       where ${key} = any ($1) and (holder is null or holder = $2 or held_until < clock_timestamp())
       order by ${key} for update skip locked
     )
     update ${table} as leased
     set holder = $2, held_until = ${leaseEnd(leased)}, epoch = epoch + 1
     from free where leased.${key} = free.${key}
     returning leased.${key} as taken`,
    [wanted, holder],
  );
  return new Set(rows.map(({ taken }) => taken));
}

/** Ends connections of holders that were halted in the middle of a COPY: Postgres ends those that are idle in a transaction, but waits for ever for the next row. */
const endHalted = (client: ClientBase, leased: Leased, wanted: readonly string[]) =>
  client.query(
    `select pg_terminate_backend(pid) from ${leased.table} as leased
     join pg_locks on locktype = 'transactionid' and granted and transactionid = leased.xmax
     join pg_stat_activity as backend using (pid)
     where leased.${leased.key} = any ($1) and held_until < clock_timestamp()
       and backend.state = 'active' and backend.wait_event = 'ClientRead' and backend.usename = current_user
       and backend.query_start < clock_timestamp() - interval '${leased.forMs ?? LEASE_MS} ms'`,
    [wanted],
  );

/** Keeps the leases up; fails when one is held by somebody else. */
export async function renewLeases(pool: Pool, leased: Leased, holder: string, held: readonly string[]): Promise<void> {
  const { table, key } = leased;
  const { rowCount } = await pool.query(
    `update ${table} set held_until = ${leaseEnd(leased)} where ${key} = any ($1) and holder = $2`,
    [held, holder],
  );
  if (rowCount !== held.length) throw new LeaseLost();
}

/** Whether one of these that still exist is no longer this holder's. */
export async function heldByOthers(
  pool: Pool,
  leased: Leased,
  holder: string,
  held: readonly string[],
): Promise<boolean> {
  const { table, key } = leased;
  const { rowCount } = await pool.query(
    `select from ${table} where ${key} = any ($1) and holder is distinct from $2 limit 1`,
    [held, holder],
  );
  return rowCount !== 0;
}

/** Lets others take over at once. */
export async function giveUpLeases(pool: Pool, { table }: Leased, holder: string): Promise<void> {
  await pool.query(`update ${table} set holder = null, held_until = null where holder = $1`, [holder]);
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
