import { createHash } from 'node:crypto';
import { escapeIdentifier, type ClientBase } from 'pg';
import { grantAnalyst } from './analyst.js';
import { within } from './migrations.js';
import type { Schemas } from './schemas.js';

interface Shown {
  readonly schema: string;
  readonly projection: string;
  readonly analytics: string;
}

/** Points the views at the living versions and installs their analytics: what readers see changes in one transaction, or not at all. */
export async function showLiving(client: ClientBase, schemas: Schemas): Promise<void> {
  const { rows: living } = await client.query<Shown>(
    `select schema_name as schema, projection, analytics from ${schemas.readStore}.versions
     where state = 'living' order by place, projection`,
  );
  const fingerprint = createHash('sha256').update(JSON.stringify(living)).digest('hex');
  const { rowCount: isShown } = await client.query(`select from ${schemas.readStore}.surface where fingerprint = $1`, [
    fingerprint,
  ]);
  if (isShown === 1) return;
  for (const schema of [schemas.analytics, schemas.readModels]) await empty(client, schema);
  for (const { schema } of living) await createViews(client, schemas, schema);
  for (const one of living) await installAnalytics(client, schemas, one);
  await grantAnalyst(client, schemas);
  await client.query(
    `insert into ${schemas.readStore}.surface (fingerprint) values ($1)
     on conflict (only_row) do update set fingerprint = excluded.fingerprint`,
    [fingerprint],
  );
}

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

async function createViews(client: ClientBase, schemas: Schemas, schema: string): Promise<void> {
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

async function installAnalytics(client: ClientBase, schemas: Schemas, { projection, analytics }: Shown): Promise<void> {
  try {
    await within(client, [schemas.analytics, schemas.readModels], () => client.query(analytics));
  } catch (error) {
    throw new Error(`The analytics of ${projection} cannot be installed: ${String(error)}`, { cause: error });
  }
}
