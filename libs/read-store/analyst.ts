import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral, type ClientBase, type Pool } from 'pg';
import { NotPossible } from './failures.js';
import { schemasOf, type Schemas } from './schemas.js';

/** A question that runs longer is asked wrongly, or belongs on a replica. */
const STATEMENT_TIMEOUT = '60s';
const CONNECTIONS = 20;

/** The role that reads the schema `analytics` of a tenant and nothing else; roles are known to the whole cluster. */
export const analystOf = ({ prefix }: Schemas): string => `taizhang_${prefix}analyst`;

/** Makes the role, unless it exists or this user may not; it cannot log in until somebody lets it in. */
export async function ensureAnalyst(client: ClientBase, schemas: Schemas): Promise<void> {
  const role = escapeIdentifier(analystOf(schemas));
  const settings = {
    search_path: escapeIdentifier(schemas.analytics),
    default_transaction_read_only: 'on',
    statement_timeout: escapeLiteral(STATEMENT_TIMEOUT),
    idle_in_transaction_session_timeout: escapeLiteral(STATEMENT_TIMEOUT),
  };
  // Other databases of the cluster may be installing the same role at this moment.
  await client.query(`do $$ begin
    if not exists (select from pg_roles where rolname = ${escapeLiteral(analystOf(schemas))})
       and (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) then
      create role ${role} nologin connection limit ${CONNECTIONS};
      ${Object.entries(settings)
        .map(([name, value]) => `alter role ${role} set ${name} = ${value};`)
        .join('\n      ')}
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$`);
  await grantAnalyst(client, schemas);
}

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

/** A new password for the role; with it, and only with it, one can log in. */
export async function letAnalystIn(pool: Pool, namespace?: string): Promise<{ role: string; password: string }> {
  const schemas = schemasOf(namespace);
  const role = analystOf(schemas);
  if (!(await exists(pool, schemas)))
    throw new NotPossible(
      `There is no role ${role}, and this database user may not create it: let an administrator run ` +
        `\`create role ${role} login password '…'\`; the server gives it its rights when it starts`,
    );
  const password = randomBytes(24).toString('base64url');
  await pool.query(`alter role ${escapeIdentifier(role)} login password ${escapeLiteral(password)}`);
  return { role, password };
}
