import { createHash } from 'node:crypto';
import type { AnyProjection } from '#kernel';
import { escapeIdentifier, type ClientBase } from 'pg';
import { within } from './migrations.js';
import { versionSchema, type Schemas } from './schemas.js';

/** Points the views at the declared versions and reinstalls analytics: what readers see changes in one transaction, or not at all. */
export async function showVersions(client: ClientBase, schemas: Schemas, projections: readonly AnyProjection[]) {
  await markLiving(client, schemas, projections);
  const fingerprint = surfaceFingerprint(schemas, projections);
  if ((await shownFingerprint(client, schemas)) === fingerprint) return;
  for (const schema of [schemas.analytics, schemas.readModels]) await empty(client, schema);
  for (const projection of projections) await createViews(client, schemas, projection);
  for (const { name, analytics } of projections)
    if (analytics !== undefined) await installAnalytics(client, schemas, name, analytics);
  await client.query(
    `insert into ${schemas.readStore}.surface (fingerprint) values ($1)
     on conflict (only_row) do update set fingerprint = excluded.fingerprint`,
    [fingerprint],
  );
}

/** Whether showing these versions takes nothing away: none of them replaces a living one while it is still being filled. */
export async function displacesNothing(client: ClientBase, schemas: Schemas, projections: readonly AnyProjection[]) {
  const { rows } = await client.query(
    `select from ${schemas.readStore}.versions as living
     where state = 'living' and projection = any ($1) and schema_name <> all ($2)`,
    [projections.map(({ name }) => name), projections.map((projection) => versionSchema(schemas, projection))],
  );
  return rows.length === 0;
}

async function markLiving(client: ClientBase, schemas: Schemas, projections: readonly AnyProjection[]) {
  const declared = projections.map((projection) => versionSchema(schemas, projection));
  const versions = `${schemas.readStore}.versions`;
  await client.query(`update ${versions} set state = 'kept' where state = 'living' and schema_name <> all ($1)`, [
    declared,
  ]);
  await client.query(`update ${versions} set state = 'living' where state <> 'living' and schema_name = any ($1)`, [
    declared,
  ]);
}

async function shownFingerprint(client: ClientBase, schemas: Schemas): Promise<string | undefined> {
  const { rows } = await client.query<{ fingerprint: string }>(`select fingerprint from ${schemas.readStore}.surface`);
  return rows[0]?.fingerprint;
}

const surfaceFingerprint = (schemas: Schemas, projections: readonly AnyProjection[]) =>
  createHash('sha256')
    .update(JSON.stringify(projections.map((one) => [versionSchema(schemas, one), one.analytics ?? ''])))
    .digest('hex');

/** Drops the views, functions and types of a schema; the schema stays, with the rights given on it. */
async function empty(client: ClientBase, schema: string): Promise<void> {
  await client.query(`create schema if not exists ${escapeIdentifier(schema)}`);
  const drops = await client.query<{ drop: string }>(
    `select format('drop %s if exists %I.%I cascade',
              case relkind when 'v' then 'view' when 'm' then 'materialized view' else 'type' end, $1::text, relname) as drop
     from pg_class where relnamespace = to_regnamespace(quote_ident($1)) and relkind in ('v', 'm', 'c')
     union all
     select format('drop routine if exists %s cascade', oid::regprocedure)
     from pg_proc where pronamespace = to_regnamespace(quote_ident($1))
     union all
     select format('drop type if exists %s cascade', oid::regtype)
     from pg_type where typnamespace = to_regnamespace(quote_ident($1)) and typtype in ('e', 'd')`,
    [schema],
  );
  for (const { drop } of drops.rows) await client.query(drop);
}

async function createViews(client: ClientBase, schemas: Schemas, projection: AnyProjection): Promise<void> {
  const schema = versionSchema(schemas, projection);
  const { rows } = await client.query<{ ddl: string }>(
    `with tables as (
       select oid, relname from pg_class where relnamespace = to_regnamespace(quote_ident($1)) and relkind = 'r'
     )
     select format('create view %I.%I as select * from %I.%I', $2::text, relname, $1::text, relname) as ddl from tables
     union all
     select format('comment on view %I.%I is %L', $2::text, relname, obj_description(oid, 'pg_class'))
     from tables where obj_description(oid, 'pg_class') is not null
     union all
     select format('comment on column %I.%I.%I is %L', $2::text, relname, attname, col_description(attrelid, attnum))
     from tables join pg_attribute on attrelid = oid and attnum > 0 and not attisdropped
     where col_description(attrelid, attnum) is not null`,
    [schema, schemas.readModels],
  );
  for (const { ddl } of rows) await client.query(ddl);
}

async function installAnalytics(client: ClientBase, schemas: Schemas, name: string, sql: string): Promise<void> {
  try {
    await within(client, [schemas.analytics, schemas.readModels], () => client.query(sql));
  } catch (error) {
    throw new Error(`The analytics of ${name} cannot be installed: ${String(error)}`, { cause: error });
  }
}
