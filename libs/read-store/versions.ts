import type { AnyProjection, Position } from '#kernel';
import { escapeIdentifier, type ClientBase } from 'pg';
import { tablesOf, type TableShape } from './catalog.js';
import { within } from './migrations.js';
import { versionSchema, type Schemas } from './schemas.js';

export type VersionState = 'building' | 'living' | 'kept';

/** One version of a projection: its tables and how far they have read the log. */
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
}

interface VersionRow {
  readonly schema: string;
  readonly state: VersionState;
  readonly commit: string | null;
  readonly prepare: string | null;
  readonly epoch: string;
  readonly parked: readonly string[];
}

/** Creates the tables of each projection as the program declares it, if this version is new; one kept from earlier is filled on. */
export async function createVersions(client: ClientBase, schemas: Schemas, projections: readonly AnyProjection[]) {
  const versions = `${schemas.readStore}.versions`;
  for (const projection of projections) {
    const schema = versionSchema(schemas, projection);
    const { rowCount } = await client.query(
      `insert into ${versions} (schema_name, projection, state) values ($1, $2, 'building') on conflict do nothing`,
      [schema, projection.name],
    );
    if (rowCount === 0) {
      await client.query(`update ${versions} set state = 'building' where schema_name = $1 and state = 'kept'`, [
        schema,
      ]);
      continue;
    }
    await client.query(`create schema ${escapeIdentifier(schema)}`);
    await within(client, [schema], () => client.query(projection.schema));
  }
}

/** Whether one of these versions could be shown to readers instead of what they see; not while it has dead letters. */
export async function anyReady(
  client: ClientBase,
  { readStore }: Schemas,
  versions: readonly string[],
): Promise<boolean> {
  const { rows } = await client.query<{ ready: boolean }>(
    `select exists (select from ${readStore}.versions where state = 'building' and schema_name = any ($1))
        and not exists (select from ${readStore}.dead_letters join ${readStore}.versions using (schema_name)
                        where state = 'building' and resolution is null and schema_name = any ($1)) as ready`,
    [versions],
  );
  return rows[0]?.ready ?? false;
}

/** The version of each projection that the program declares, as it stands now. */
export async function loadVersions(
  client: ClientBase,
  schemas: Schemas,
  projections: readonly AnyProjection[],
): Promise<readonly Version[]> {
  const { rows } = await client.query<VersionRow>(
    `select schema_name as schema, state, commit::text, prepare::text, epoch::text,
       array(select distinct stream from ${schemas.readStore}.dead_letters as letter
             where letter.schema_name = version.schema_name and resolution is null) as parked
     from ${schemas.readStore}.versions as version where schema_name = any ($1)`,
    [projections.map((projection) => versionSchema(schemas, projection))],
  );
  const found = new Map(rows.map((row) => [row.schema, row]));
  const versions: Version[] = [];
  for (const projection of projections) {
    const schema = versionSchema(schemas, projection);
    const row = found.get(schema);
    if (row === undefined) throw new Error(`Projection ${projection.name} is not installed: ${schema} is missing`);
    const tables = await tablesOf(client, schema);
    const { state, parked } = row;
    const place = { position: positionOf(row), epoch: BigInt(row.epoch) };
    versions.push({ projection, schema, state, tables, ...place, parked: new Set(parked) });
  }
  return versions;
}

const positionOf = ({ commit, prepare }: VersionRow): Position | undefined =>
  commit === null || prepare === null ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };
