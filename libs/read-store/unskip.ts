import { changeVersions } from './change-versions.js';
import { NotPossible } from './failures.js';
import type { Repair } from './replay.js';
import { schemasOf } from './schemas.js';
import { holdVersions } from './switch.js';

/**
 * Takes back what was skipped of a stream: the next build of the projection applies it in its place. Versions that passed
 * it by have taken what came after, so they stay as they are. Tells how many events it was. @throws NotPossible
 */
export async function unskip(
  { pool, namespace, projection }: Pick<Repair, 'pool' | 'namespace' | 'projection'>,
  stream: string,
): Promise<number> {
  const schemas = schemasOf(namespace);
  return changeVersions(pool, schemas, async (client) => {
    await holdVersions(client, schemas);
    const { rows } = await client.query<{ schema: string }>(
      `select schema_name as schema from ${schemas.readStore}.versions
       where projection = $1 and state in ('building', 'shadow')`,
      [projection.name],
    );
    // It may have passed the event by already, and nobody could tell.
    if (rows[0] !== undefined) throw new NotPossible(`${rows[0].schema} is being built: try again once it is filled`);
    const { rowCount } = await client.query(
      `delete from ${schemas.readStore}.skipped_events where projection = $1 and stream = $2`,
      [projection.name, stream],
    );
    if (rowCount === null || rowCount === 0)
      throw new NotPossible(`Nothing of ${stream} is skipped in ${projection.name}`);
    return rowCount;
  });
}
