import pg from 'pg';
import type { Grounds } from './grounds.js';
import { dataOf, isClaim, metadataOf, PROFILE, repOf } from './people.js';
import type { Turn } from './workload.js';

const TABLES = `
  create table plain_lead (
    lead_id uuid primary key, name text not null, owner_id uuid, version int not null, updated_at timestamptz);
  create table plain_audit (
    audit_id bigint generated always as identity primary key, lead_id uuid not null, version int not null,
    action text not null, data jsonb not null, metadata jsonb not null, at timestamptz not null default now());
  create index on plain_audit (lead_id, version)`;

interface Row {
  readonly owner_id: string | null;
  readonly version: number;
}

/** The same work without history: UPDATE of the row and INSERT of an audit row in one transaction, a pool of ten. */
export class PlainSql {
  private readonly pool: pg.Pool;

  constructor({ databaseUrl }: Grounds) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
    this.pool.on('error', () => undefined);
  }

  async prepare(): Promise<void> {
    await this.pool.query(TABLES);
  }

  async capture(leads: readonly string[]): Promise<void> {
    const rows = 'select id, $2, 0 from unnest($1::uuid[]) id';
    await this.pool.query(`insert into plain_lead (lead_id, name, version) ${rows}`, [leads, PROFILE.name]);
  }

  async act(leadId: string, turn: Turn): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await claimOrReturn(client, leadId, turn);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

async function claimOrReturn(client: pg.PoolClient, leadId: string, turn: Turn): Promise<void> {
  const [action, ownerId] = isClaim(turn) ? ['claimed', repOf(turn).id] : ['returned', null];
  const { rows } = await client.query<Row>('select owner_id, version from plain_lead where lead_id = $1', [leadId]);
  const [row] = rows;
  if (row === undefined || (row.owner_id === null) !== isClaim(turn)) throw new Error('the lead is not as expected');
  const { rowCount } = await client.query(
    `update plain_lead set owner_id = $2, version = version + 1, updated_at = now()
     where lead_id = $1 and version = $3`,
    [leadId, ownerId, row.version],
  );
  if (rowCount !== 1) throw new Error('somebody was faster');
  await client.query('insert into plain_audit (lead_id, version, action, data, metadata) values ($1, $2, $3, $4, $5)', [
    leadId,
    row.version + 1,
    action,
    dataOf(leadId, turn),
    metadataOf(turn),
  ]);
}
