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
}

interface VersionRow {
  readonly schema: string;
  readonly state: VersionState;
  readonly commit: string | null;
  readonly prepare: string | null;
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

/** Whether readers do not see one of these versions yet. */
export async function anyBuilding(client: ClientBase, schemas: Schemas, versions: readonly string[]): Promise<boolean> {
  const { rows } = await client.query(
    `select from ${schemas.readStore}.versions where state = 'building' and schema_name = any ($1)`,
    [versions],
  );
  return rows.length > 0;
}

/** The version of each projection that the program declares, as it stands now. */
export async function loadVersions(
  client: ClientBase,
  schemas: Schemas,
  projections: readonly AnyProjection[],
): Promise<readonly Version[]> {
  const { rows } = await client.query<VersionRow>(
    `select schema_name as schema, state, commit::text, prepare::text from ${schemas.readStore}.versions`,
  );
  const found = new Map(rows.map((row) => [row.schema, row]));
  const versions: Version[] = [];
  for (const projection of projections) {
    const schema = versionSchema(schemas, projection);
    const row = found.get(schema);
    if (row === undefined) throw new Error(`Projection ${projection.name} is not installed: ${schema} is missing`);
    const tables = await tablesOf(client, schema);
    versions.push({ projection, schema, state: row.state, tables, position: positionOf(row) });
  }
  return versions;
}

const positionOf = ({ commit, prepare }: VersionRow): Position | undefined =>
  commit === null || prepare === null ? undefined : { commit: BigInt(commit), prepare: BigInt(prepare) };
