import { setTimeout } from 'node:timers/promises';
import type { ClientBase, Pool } from 'pg';
import { demandNoMoreParked } from './dead-letters.js';
import { NotPossible } from './failures.js';
import { inTransaction } from './pool.js';
import { schemasOf, type Schemas } from './schemas.js';
import { showLiving } from './surface.js';
import { dropVersion, type VersionState } from './versions.js';

const POLL_MS = 100;
const PATIENCE = 300;
/** A long query on a view must not stop everything else: the switch gives way and is tried again. */
const LONGEST_LOCK_MS = 3_000;

export interface Switching {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly projection: string;
  /** Shows it even when more events are parked in it than in what readers see. */
  readonly force?: boolean | undefined;
}

/** Shows the version that was built last. The one shown before is kept, older ones are dropped. */
export const switchProjection = (switching: Switching): Promise<string> =>
  show(switching, {
    ...(!switching.force && { demand: demandNoMoreParked }),
    states: ['ready', 'rejected'],
    demoted: 'kept',
    missing: (name) =>
      `No version of ${name} is ready to be shown; build one with \`taizhang projections rebuild ${name}\``,
  });

/** Shows the version again that was shown before. The one rolled back from is not shown again by a restart. */
export const rollbackProjection = (switching: Switching): Promise<string> =>
  show(switching, {
    states: ['kept'],
    demoted: 'rejected',
    missing: (name) => `No earlier version of ${name} is kept: only the one shown before the last switch can come back`,
  });

interface Showing {
  readonly states: readonly VersionState[];
  /** What becomes of the version that was shown. */
  readonly demoted: 'kept' | 'rejected';
  readonly missing: (projection: string) => string;
  /** Throws when it must not be shown. */
  readonly demand?: (client: ClientBase, schemas: Schemas, schema: string) => Promise<void>;
}

/** Waits until the version is not behind what readers see, so that none of them sees less than before. */
async function show(
  { pool, namespace, projection }: Switching,
  { states, demoted, missing, demand }: Showing,
): Promise<string> {
  for (let patience = PATIENCE; ; patience--) {
    const { schema, behind } = await change(pool, namespace, async (client, schemas) => {
      const chosen = await latest(client, schemas, projection, states);
      if (chosen === undefined) throw new NotPossible(missing(projection));
      if (!chosen.behind) await demand?.(client, schemas, chosen.schema);
      if (!chosen.behind) await makeLiving(client, schemas, [chosen.schema], { demoted });
      return chosen;
    });
    if (!behind) return schema;
    if (patience === 0)
      throw new NotPossible(
        `${schema} stays behind what readers see: start a server with the role projections of the release that built it, and try again`,
      );
    await setTimeout(POLL_MS);
  }
}

/** Keeps all runners from moving and all others from switching until the transaction ends. */
export const holdVersions = (client: ClientBase, { readStore }: Schemas) =>
  client.query(
    `set local lock_timeout = '${LONGEST_LOCK_MS}'; lock table ${readStore}.versions in share row exclusive mode`,
  );

/** SQL: whether a version has not come as far as the one that readers see. */
export const isBehind = ({ readStore }: Schemas, version: string) =>
  `exists (select from ${readStore}.versions as shown
           where shown.projection = ${version}.projection and shown.state = 'living'
             and shown.commit > coalesce(${version}.commit, -1))`;

/** Makes the versions what readers see of their projections; with `only`, of all. Tells whether they were not. */
export async function makeLiving(
  client: ClientBase,
  schemas: Schemas,
  chosen: readonly string[],
  { only = false, demoted = 'kept' }: { only?: boolean; demoted?: 'kept' | 'rejected' } = {},
): Promise<boolean> {
  const versions = `${schemas.readStore}.versions`;
  const sameProjection = `projection in (select projection from ${versions} where schema_name = any ($1))`;
  const { rows: outgoing } = await client.query<{ schema: string; projection: string }>(
    `select schema_name as schema, projection from ${versions}
     where state = 'living' and schema_name <> all ($1) ${only ? '' : `and ${sameProjection}`}`,
    [chosen],
  );
  const { rows: older } = await client.query<{ schema: string }>(
    `select schema_name as schema from ${versions}
     where state in ('kept', 'rejected') and schema_name <> all ($1) and projection = any ($2)`,
    [chosen, outgoing.map(({ projection }) => projection)],
  );
  const stateOf = `update ${versions} set state = $2, epoch = epoch + 1 where schema_name = any ($1) and state <> $2`;
  await client.query(stateOf, [outgoing.map(({ schema }) => schema), demoted]);
  const { rowCount } = await client.query(stateOf, [chosen, 'living']);
  await showLiving(client, schemas);
  for (const { schema } of older) await dropVersion(client, schemas, schema);
  return rowCount !== 0 || outgoing.length > 0;
}

const change = <T>(
  pool: Pool,
  namespace: string | undefined,
  work: (client: ClientBase, schemas: Schemas) => Promise<T>,
) =>
  inTransaction(pool, async (client) => {
    const schemas = schemasOf(namespace);
    await holdVersions(client, schemas);
    return work(client, schemas);
  });

async function latest(client: ClientBase, schemas: Schemas, projection: string, states: readonly VersionState[]) {
  const { rows } = await client.query<{ schema: string; behind: boolean }>(
    `select schema_name as schema, ${isBehind(schemas, 'version')} as behind from ${schemas.readStore}.versions as version
     where projection = $1 and state = any ($2) order by created_at desc limit 1`,
    [projection, states],
  );
  return rows[0];
}
