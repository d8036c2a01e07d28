import { Pool, type PoolClient } from 'pg';
import { columnTypes } from './column-types.js';
import { schemasOf } from './schemas.js';

/** A process that is halted in a transaction must not hold its locks for ever. */
const LONGEST_IDLE_MS = 5_000;

export interface PoolOptions {
  /** Unqualified names in queries mean this tenant's analytics and read models. */
  readonly namespace?: string | undefined;
  readonly max?: number;
  /** Told of connections that broke while idle; the next query gets a new one. */
  readonly onError?: (error: Error) => void;
}

/** A pool that survives dropped connections and gives columns back as the domain writes them. */
export function createPool(databaseUrl: string, { namespace, max = 10, onError }: PoolOptions = {}): Pool {
  const schemas = schemasOf(namespace);
  const pool = new Pool({
    connectionString: databaseUrl,
    max,
    types: columnTypes,
    application_name: `taizhang ${process.pid}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    options: `-c search_path=${schemas.analytics},${schemas.readModels} -c TimeZone=UTC -c idle_in_transaction_session_timeout=${LONGEST_IDLE_MS}`,
  });
  // Without a listener a restart of Postgres would end the process.
  pool.on('error', (error) => onError?.(error));
  return pool;
}

/** Runs the work in one transaction on one connection; a failed one is rolled back and a broken connection thrown away. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query('begin');
    try {
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  });
}

/** Lends a connection; one that broke meanwhile is not given back to the pool. */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The query under way rejects as well; without a listener this event would end the process.
  const onError = (error: Error) => (broken = error);
  client.on('error', onError);
  try {
    return await work(client);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
