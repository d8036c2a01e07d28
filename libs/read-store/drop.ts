import type { Pool } from 'pg';
import { changeVersions } from './change-versions.js';
import { NotPossible } from './failures.js';
import { schemasOf } from './schemas.js';
import { holdVersions } from './switch.js';
import { dropVersion, type VersionState } from './versions.js';

interface Found {
  readonly schema: string;
  readonly state: VersionState;
  readonly holder: string | null;
}

/** Removes a version that nobody sees, with its tables; it is named by its schema or by the end of that. @throws NotPossible */
export async function dropUnseenVersion(pool: Pool, namespace: string | undefined, version: string): Promise<string> {
  const schemas = schemasOf(namespace);
  return changeVersions(pool, schemas, async (client) => {
    await holdVersions(client, schemas);
    const { rows } = await client.query<Found>(
      `select schema_name as schema, state, case when held_until > clock_timestamp() then holder end as holder
       from ${schemas.readStore}.versions where schema_name = $1 or right(schema_name, length($1) + 1) = '_' || $1`,
      [version],
    );
    const [found, another] = rows;
    if (found === undefined) throw new NotPossible(`There is no version ${version}: \`taizhang projections status\``);
    if (another !== undefined)
      throw new NotPossible(`${version} may be ${rows.map(({ schema }) => schema).join(' or ')}: name one of them`);
    const { schema, state, holder } = found;
    if (state === 'living')
      throw new NotPossible(`Readers see ${schema}: show another version first, with switch or rollback`);
    if (holder !== null && (state === 'building' || state === 'shadow'))
      throw new NotPossible(`${schema} is being built by ${holder}: it can be dropped once that has ended`);
    await dropVersion(client, schemas, schema);
    return schema;
  });
}
