import type { AnyProjection, Position } from '#kernel';
import { escapeIdentifier, type ClientBase } from 'pg';
import { tablesOf, type TableShape } from './catalog.js';
import { deferIndexes } from './deferred-indexes.js';
import { within } from './migrations.js';
import { keepFromStatistics } from './personal-columns.js';
import { fingerprint, versionSchema, type Schemas } from './schemas.js';

/** building: filled from the beginning; ready: filled, not shown; living: shown; kept: was living; rejected: rolled back from; superseded: to be removed; shadow: to be compared. */
export type VersionState = 'building' | 'ready' | 'living' | 'kept' | 'rejected' | 'superseded' | 'shadow';
export const ALL_STATES: readonly VersionState[] = ['building', 'ready', 'living', 'kept', 'rejected'];

/** One version of a projection that this program can feed: its tables and how far they have read the log. */
export interface Version {
  readonly projection: AnyProjection;
  readonly schema: string;
  readonly state: VersionState;
  readonly tables: ReadonlyMap<string, TableShape>;
  readonly position: Position | undefined;
  /** Writing is allowed while the stored epoch is still this one. */
  readonly epoch: bigint;
  /** The streams whose events wait in dead letters. */
  readonly parked: ReadonlySet<string>;
  /** The events that an operator gave up, as `stream@revision`. */
  readonly skipped: ReadonlySet<string>;
}

interface VersionRow {
  readonly schema: string;
  readonly projection: string;
  readonly fingerprint: string;
  readonly state: VersionState;
  readonly commit: string | null;
  readonly prepare: string | null;
  readonly epoch: string;
  readonly parked: readonly string[];
  readonly skipped: readonly string[];
}

/** Creates the tables of a version of the projection; of an unchanged one, the next build of the same. */
export async function createVersion(
  client: ClientBase,
  schemas: Schemas,
  projection: AnyProjection,
  state: 'building' | 'ready' | 'shadow',
): Promise<string> {
  const { rows } = await client.query<{ last: number | null }>(
    `select max(build) as last from ${schemas.readStore}.versions where projection = $1 and fingerprint = $2`,
    [projection.name, fingerprint(projection)],
  );
  const build = (rows[0]?.last ?? 0) + 1;
  const schema = versionSchema(schemas, projection, build);
  await client.query(`create schema ${escapeIdentifier(schema)}`);
  const { personal = [] } = projection;
  await within(client, [schema], async () => {
    await client.query(projection.schema);
    await keepFromStatistics(client, personal);
  });
  await client.query(
    `insert into ${schemas.readStore}.versions (schema_name, projection, fingerprint, build, state, analytics, personal, place)
     select $1, $2, $3, $4, $5, $6, $7,
       coalesce((select place from ${schemas.readStore}.versions where projection = $2 order by created_at desc limit 1), 0)`,
    [
      ...[schema, projection.name, fingerprint(projection), build, state],
      ...[projection.analytics ?? '', JSON.stringify(personal)],
    ],
  );
  if (state !== 'ready') await deferIndexes(client, schemas, schema);
  return schema;
}

/** The versions in these states that are built from the projections as the program declares them. */
export async function loadVersions(
  client: ClientBase,
  schemas: Schemas,
  projections: readonly AnyProjection[],
  states: readonly VersionState[],
): Promise<readonly Version[]> {
  const { rows } = await client.query<VersionRow>(
    `select schema_name as schema, projection, fingerprint, state, commit::text, prepare::text, epoch::text,
       array(select distinct stream from ${schemas.readStore}.dead_letters as letter
             where letter.schema_name = version.schema_name and resolution is null) as parked,
       array(select stream || '@' || revision from ${schemas.readStore}.skipped_events as skipped
             where skipped.projection = version.projection) as skipped
     from ${schemas.readStore}.versions as version
     where projection = any ($1) and state = any ($2) order by created_at`,
    [projections.map(({ name }) => name), states],
  );
  const versions: Version[] = [];
  for (const row of rows) {
    const projection = projections.find((one) => one.name === row.projection && fingerprint(one) === row.fingerprint);
    if (projection === undefined) continue;
    const { schema, state } = row;
    const place = { position: positionOf(row), epoch: BigInt(row.epoch) };
    const passedBy = { parked: new Set(row.parked), skipped: new Set(row.skipped) };
    versions.push({ projection, schema, state, tables: await tablesOf(client, schema), ...place, ...passedBy });
  }
  return versions;
}

/** A position as Postgres has it. */
export const positionOf = ({
  commit,
  prepare,
}: {
  readonly commit: string | null;
  readonly prepare: string | null;
}): Position | undefined =>
  commit === null || prepare === null ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };

/** Removes a version with its tables. */
export async function dropVersion(client: ClientBase, schemas: Schemas, schema: string): Promise<void> {
  await client.query(`drop schema if exists ${escapeIdentifier(schema)} cascade`);
  await client.query(`delete from ${schemas.readStore}.versions where schema_name = $1`, [schema]);
}

/** Removes what was built to be compared, by a process that must be gone: a comparison itself keeps up no lease, but takes no day. */
export async function dropLostShadows(client: ClientBase, schemas: Schemas): Promise<void> {
  const { rows } = await client.query<{ schema: string }>(
    `select schema_name as schema from ${schemas.readStore}.versions
     where state = 'shadow' and held_until < clock_timestamp() - interval '1 day'`,
  );
  for (const { schema } of rows) await dropVersion(client, schemas, schema);
}
