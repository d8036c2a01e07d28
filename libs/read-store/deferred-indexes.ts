import type { ClientBase } from 'pg';
import type { Schemas } from './schemas.js';

/** Takes away the indexes that only readers need; they are made again once the tables are filled. */
export async function deferIndexes(client: ClientBase, { readStore }: Schemas, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index join pg_class as t on t.oid = indrelid
     where t.relnamespace = to_regnamespace(quote_ident($1)) and not indisprimary and not indisunique
       and not exists (select from pg_constraint where conindid = indexrelid)`,
    [schema],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await client.query(`update ${readStore}.versions set deferred_indexes = $2 where schema_name = $1`, [
    schema,
    rows.map(({ definition }) => definition),
  ]);
}

/** Makes the indexes that were taken away; whoever ends the build notes that they are there. */
export async function makeDeferredIndexes(client: ClientBase, { readStore }: Schemas, schema: string): Promise<void> {
  const { rows } = await client.query<{ indexes: readonly string[] }>(
    `select deferred_indexes as indexes from ${readStore}.versions where schema_name = $1`,
    [schema],
  );
  for (const { indexes } of rows) for (const definition of indexes) await client.query(definition);
}
