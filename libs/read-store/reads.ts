import type { Pool } from 'pg';
import { schemasOf } from './schemas.js';

/**
 * The projections whose rows a query on `analytics` reads, through whatever views and functions; undefined where Postgres
 * does not know: it looks into a body that is kept as text only when that runs.
 */
export async function projectionsRead(
  pool: Pool,
  namespace: string | undefined,
  query: string,
): Promise<readonly string[] | undefined> {
  const { analytics, readModels, readStore } = schemasOf(namespace);
  const { rows } = await pool.query<{ projections: readonly string[]; isHidden: boolean }>(
    `with recursive surface as (
       select oid from pg_namespace where nspname = any ($2)
     ), named (class, object) as (
       select 'pg_proc'::regclass::oid, oid from pg_proc
       where pronamespace in (select oid from surface) and proname = any ($1)
       union all
       select 'pg_class'::regclass::oid, oid from pg_class
       where relnamespace in (select oid from surface) and relname = any ($1)
     ), read (class, object) as (
       select class, object from named
       union
       select refclassid, refobjid
       from read left join pg_rewrite as rule on class = 'pg_class'::regclass and ev_class = object
       join pg_depend on (classid = class and objid = object) or (classid = 'pg_rewrite'::regclass and objid = rule.oid)
       where refclassid in ('pg_proc'::regclass, 'pg_class'::regclass) and deptype = 'n'
     )
     select array(
       select distinct projection from read
       join pg_class on class = 'pg_class'::regclass and pg_class.oid = object and relkind = 'r'
       join ${readStore}.versions on schema_name = relnamespace::regnamespace::text
       order by projection) as projections,
     exists (
       select from read join pg_proc on class = 'pg_proc'::regclass and pg_proc.oid = object
       where prosqlbody is null and pronamespace in (select oid from surface)) as "isHidden"`,
    [query.match(/\b[a-z_][a-z0-9_]*\b/g) ?? [], [analytics, readModels]],
  );
  const { projections = [], isHidden = true } = rows[0] ?? {};
  return isHidden || projections.length === 0 ? undefined : projections;
}
