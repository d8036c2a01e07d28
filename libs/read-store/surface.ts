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

/** A view of the read models, beside the table of a living version that it is to show. */
interface View {
  readonly name: string;
  /** Where the table is; null when no living version has one of this name. */
  readonly schema: string | null;
  /** Whether the view has the columns of the table, so that it can be pointed there while others use it. */
  readonly fits: boolean;
  readonly isShown: boolean;
}

/**
 * Points the views at the living versions and installs their analytics: what readers see changes in one transaction, or
 * not at all. Views whose columns stay keep their identity, and so does what is defined on them: a query under way sees
 * the old rows or the new ones. Another shape or other analytics need everything anew.
 */
export async function showLiving(client: ClientBase, schemas: Schemas): Promise<void> {
  const { rows: living } = await client.query<Shown>(
    `select schema_name as schema, projection, analytics from ${schemas.readStore}.versions
     where state = 'living' order by place, projection`,
  );
  const analytics = living.map((one) => [one.projection, one.analytics]);
  const fingerprint = createHash('sha256').update(JSON.stringify(analytics)).digest('hex');
  const { rowCount: isInstalled } = await client.query(
    `select from ${schemas.readStore}.surface where fingerprint = $1`,
    [fingerprint],
  );
  const views = await viewsOf(client, schemas, living);
  if (isInstalled === 1 && views.every(({ fits }) => fits)) {
    for (const view of views) if (!view.isShown) await pointView(client, schemas, view);
    return;
  }
  for (const schema of [schemas.analytics, schemas.readModels]) await empty(client, schema);
  for (const view of views) await pointView(client, schemas, view);
  for (const one of living) await installAnalytics(client, schemas, one);
  await grantAnalyst(client, schemas);
  await client.query(
    `insert into ${schemas.readStore}.surface (fingerprint) values ($1)
     on conflict (only_row) do update set fingerprint = excluded.fingerprint`,
    [fingerprint],
  );
}

/** By name: whoever locks several of them does so in this order. */
async function viewsOf(
  client: ClientBase,
  { readModels }: Schemas,
  living: readonly Shown[],
): Promise<readonly View[]> {
  const { rows } = await client.query<View>(
    `with relations as (
       select c.oid, relname as name, relkind, nspname as schema,
         (select array_agg(row(attname, atttypid, atttypmod, attcollation)::text order by attnum)
          from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as shape
       from pg_class as c join pg_namespace as n on n.oid = relnamespace
       where nspname = any ($1) and relkind = 'r' or nspname = $2 and relkind = 'v'
     )
     select coalesce(made.name, shown.name) as name, made.schema, coalesce(made.shape = shown.shape, false) as fits,
       exists (select from pg_rewrite as rule join pg_depend on classid = 'pg_rewrite'::regclass and objid = rule.oid
               where ev_class = shown.oid and refobjid = made.oid) as "isShown"
     from (select * from relations where relkind = 'r') as made
     full join (select * from relations where relkind = 'v') as shown on shown.name = made.name
     order by 1`,
    [living.map(({ schema }) => schema), readModels],
  );
  return rows;
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

async function pointView(client: ClientBase, { readModels }: Schemas, { name, schema }: View): Promise<void> {
  if (schema === null) return;
  const { rows } = await client.query<{ ddl: string }>(
    `with made as (select to_regclass(format('%I.%I', $1::text, $2::text)) as id)
     select format('create or replace view %I.%I as select * from %I.%I', $3::text, $2, $1, $2) as ddl
     union all
     select format('comment on view %I.%I is %L', $3, $2, obj_description(id, 'pg_class')) from made
     union all
     select format('comment on column %I.%I.%I is %L', $3, $2, attname, col_description(attrelid, attnum))
     from made join pg_attribute on attrelid = id and attnum > 0 and not attisdropped`,
    [schema, name, readModels],
  );
  await client.query(rows.map(({ ddl }) => ddl).join(';\n'));
}

async function installAnalytics(client: ClientBase, schemas: Schemas, { projection, analytics }: Shown): Promise<void> {
  try {
    await within(client, [schemas.analytics, schemas.readModels], () => client.query(analytics));
  } catch (error) {
    throw new Error(`The analytics of ${projection} cannot be installed: ${String(error)}`, { cause: error });
  }
}
