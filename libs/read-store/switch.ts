import { setTimeout } from 'node:timers/promises';
import type { AnyProjection } from '#kernel';
import type { ClientBase, Pool } from 'pg';
import { changeVersions, giveWayToReaders } from './change-versions.js';
import { demandNoMoreParked } from './dead-letters.js';
import { NotPossible } from './failures.js';
import { fingerprint, schemasOf, type Schemas } from './schemas.js';
import { showLiving } from './surface.js';

const POLL_MS = 100;
const PATIENCE = 300;

export interface Switching {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  /** As the program declares them: only what it built itself is switched to. */
  readonly projections: readonly AnyProjection[];
  readonly projection: string;
  /** Shows it even when more events are parked in it than in what readers see. */
  readonly force?: boolean | undefined;
  /** How long it waits for those who hold what it changes. */
  readonly patienceMs?: number;
}

/** Shows the version that this program built last, if it is newer than the one shown. That one is kept, older ones are removed. */
export const switchProjection = (switching: Switching): Promise<string> =>
  show(switching, {
    ...(!switching.force && { demand: demandNoMoreParked }),
    choose: newest,
    demoted: 'kept',
    missing: (name) =>
      `No version of ${name} is ready that is newer than the one readers see; build one with \`taizhang projections rebuild ${name}\``,
  });

/** Shows the version again that was shown before. The one rolled back from is not shown again by a restart. */
export const rollbackProjection = (switching: Switching): Promise<string> =>
  show(switching, {
    choose: shownBefore,
    demoted: 'rejected',
    missing: (name) => `No earlier version of ${name} is kept: only the one shown before the last switch can come back`,
  });

interface Choice {
  readonly schema: string;
  readonly behind: boolean;
}

interface Showing {
  readonly choose: (client: ClientBase, schemas: Schemas, switching: Switching) => Promise<Choice | undefined>;
  /** What becomes of the version that was shown. */
  readonly demoted: 'kept' | 'rejected';
  readonly missing: (projection: string) => string;
  /** Throws when it must not be shown. */
  readonly demand?: (client: ClientBase, schemas: Schemas, schema: string) => Promise<void>;
}

/** Waits until the version is not behind what readers see, so that none of them sees less than before. */
async function show(switching: Switching, { choose, demoted, missing, demand }: Showing): Promise<string> {
  const { pool, namespace, projection, patienceMs } = switching;
  const schemas = schemasOf(namespace);
  for (let patience = PATIENCE; ; patience--) {
    const once = async (client: ClientBase) => {
      await holdVersions(client, schemas);
      const chosen = await choose(client, schemas, switching);
      if (chosen === undefined) throw new NotPossible(missing(projection));
      if (!chosen.behind) await demand?.(client, schemas, chosen.schema);
      if (!chosen.behind) await makeLiving(client, schemas, [chosen.schema], { demoted });
      return chosen;
    };
    const { schema, behind } = await changeVersions(pool, schemas, once, patienceMs);
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
  client.query(`lock table ${readStore}.versions in share row exclusive mode`);

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
    `select schema_name as schema from ${versions} as version
     where schema_name <> all ($1) and projection = any ($2) and (state in ('kept', 'rejected') or state = 'ready' and exists (
       select from ${versions} as newer where newer.schema_name = any ($1) and newer.projection = version.projection
         and newer.fingerprint = version.fingerprint and newer.created_at > version.created_at))`,
    [chosen, outgoing.map(({ projection }) => projection)],
  );
  const stateOf = `update ${versions} set state = $2, epoch = epoch + 1 where schema_name = any ($1) and state <> $2`;
  await client.query(stateOf, [outgoing.map(({ schema }) => schema), demoted]);
  const { rowCount } = await client.query(stateOf, [chosen, 'living']);
  await client.query(stateOf, [older.map(({ schema }) => schema), 'superseded']);
  await giveWayToReaders(client);
  await showLiving(client, schemas);
  return rowCount !== 0 || outgoing.length > 0;
}

async function newest(
  client: ClientBase,
  schemas: Schemas,
  { projection, projections }: Switching,
): Promise<Choice | undefined> {
  const declared = projections.filter(({ name }) => name === projection).map(fingerprint);
  const { rows } = await client.query<Choice>(
    `select schema_name as schema, ${isBehind(schemas, 'version')} as behind from ${schemas.readStore}.versions as version
     where projection = $1 and fingerprint = any ($2) and state in ('ready', 'rejected') and not exists (
       select from ${schemas.readStore}.versions as shown
       where shown.state = 'living' and shown.projection = version.projection
         and shown.fingerprint = version.fingerprint and shown.created_at >= version.created_at)
     order by created_at desc limit 1`,
    [projection, declared],
  );
  return rows[0];
}

async function shownBefore(
  client: ClientBase,
  schemas: Schemas,
  { projection }: Switching,
): Promise<Choice | undefined> {
  const { rows } = await client.query<Choice>(
    `select schema_name as schema, ${isBehind(schemas, 'version')} as behind from ${schemas.readStore}.versions as version
     where projection = $1 and state = 'kept' order by created_at desc limit 1`,
    [projection],
  );
  return rows[0];
}
