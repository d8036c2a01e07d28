import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral, type ClientBase, type Pool } from 'pg';
import { NotPossible } from './failures.js';
import { inTransaction } from './pool.js';
import { schemasOf, type Schemas } from './schemas.js';

/** A question that runs longer is asked wrongly, or belongs on a replica. */
const STATEMENT_TIMEOUT = '60s';
const CONNECTIONS = 20;

/** The role that reads the schema `analytics` of a tenant and nothing else; roles are known to the whole cluster. */
export const analystOf = ({ prefix }: Schemas): string => `taizhang_${prefix}analyst`;

/** Makes the role, unless it exists or this user may not; it cannot log in until somebody lets it in. */
export async function ensureAnalyst(client: ClientBase, schemas: Schemas): Promise<void> {
  const role = escapeIdentifier(analystOf(schemas));
  // Other databases of the cluster may be installing the same role at this moment.
  await client.query(`do $$ begin
    if not exists (select from pg_roles where rolname = ${escapeLiteral(analystOf(schemas))})
       and (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) then
      create role ${role} nologin connection limit ${CONNECTIONS};
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$`);
  if (!(await exists(client, schemas))) return;
  await restoreSettings(client, schemas);
  await confine(client, schemas);
  await grantAnalyst(client, schemas);
}

/** A role may change its own settings for all its later sessions: they are set again whenever they are others. */
async function restoreSettings(client: ClientBase, schemas: Schemas): Promise<void> {
  const name = escapeLiteral(analystOf(schemas));
  const role = escapeIdentifier(analystOf(schemas));
  const settings = Object.entries({
    search_path: schemas.analytics,
    default_transaction_read_only: 'on',
    statement_timeout: STATEMENT_TIMEOUT,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT,
  });
  const asKept = settings.map(([setting, value]) => escapeLiteral(`${setting}=${value}`));
  await whereAllowed(
    client,
    `if exists (select from pg_db_role_setting where setrole = ${name}::regrole
         and setdatabase = (select oid from pg_database where datname = current_database())) then
       execute format('alter role ${role} in database %I reset all', current_database());
     end if;
     if not exists (select from pg_db_role_setting where setrole = ${name}::regrole
         and setdatabase = 0 and setconfig = array[${asKept.join(', ')}]) then
       alter role ${role} reset all;
       ${settings.map(([setting, value]) => `alter role ${role} set ${setting} = ${escapeLiteral(value)};`).join('\n')}
     end if;`,
  );
}

/** What Postgres allows everybody in every database, and an analyst needs nothing of: it fills the disk. */
async function confine(client: ClientBase, schemas: Schemas): Promise<void> {
  const name = escapeLiteral(analystOf(schemas));
  await whereAllowed(
    client,
    `execute format('grant connect on database %I to ${escapeIdentifier(analystOf(schemas))}', current_database());
     if has_database_privilege(${name}, current_database(), 'temporary') then
       execute format('revoke temporary on database %I from public', current_database());
     end if;`,
  );
  await whereAllowed(
    client,
    `if has_function_privilege(${name}, 'pg_catalog.lo_create(oid)', 'execute') then
       revoke execute on function pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) from public;
     end if;`,
  );
}

/** Leaves out what this user may not do, and what another server is doing at this moment. */
const whereAllowed = (client: ClientBase, statements: string) =>
  client.query(`do $$ begin ${statements}
  exception when insufficient_privilege or internal_error then null;
  end $$`);

/** Gives the role what analytics consists of now. It may not name the read models, but functions that read them run. */
export async function grantAnalyst(client: ClientBase, schemas: Schemas): Promise<void> {
  if (!(await exists(client, schemas))) return;
  const role = escapeIdentifier(analystOf(schemas));
  const analytics = escapeIdentifier(schemas.analytics);
  await client.query(`
    grant usage on schema ${analytics} to ${role};
    grant select on all tables in schema ${analytics}, ${escapeIdentifier(schemas.readModels)} to ${role};
    grant execute on all functions in schema ${analytics} to ${role}`);
}

async function exists(client: ClientBase | Pool, schemas: Schemas): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [analystOf(schemas)]);
  return rowCount === 1;
}

/** A new password for the role, and its settings as they were; with it, and only with it, one can log in. */
export async function letAnalystIn(pool: Pool, namespace?: string): Promise<{ role: string; password: string }> {
  const schemas = schemasOf(namespace);
  const role = analystOf(schemas);
  if (!(await exists(pool, schemas)))
    throw new NotPossible(
      `There is no role ${role}, and this database user may not create it: let an administrator run ` +
        `\`create role ${role} login password '…'\`; the server gives it its rights when it starts`,
    );
  const password = randomBytes(24).toString('base64url');
  await inTransaction(pool, (client) => ensureAnalyst(client, schemas));
  await pool.query(`alter role ${escapeIdentifier(role)} login password ${escapeLiteral(password)}`);
  return { role, password };
}
