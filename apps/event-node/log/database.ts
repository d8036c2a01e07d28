import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import { CopyOut } from './copy-out.js';

/**
 * All queries are simple and have their index: to plan them anew each time costs more than to run them. What is planned
 * while the log is empty must do when it is full, so that the index is the only way.
 */
const PLANNED_ONCE = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off';

const RETRY = 50;
const LONGEST_PAUSE = 2000;

/** The database of the log, for reading. While Postgres is away, as in a crash of its own, a query waits for it. */
export class LogDatabase {
  private readonly pool: Pool;
  private isClosed = false;

  constructor(connectionString: string, connections: number) {
    this.pool = new Pool({
      connectionString,
      max: connections,
      application_name: 'event-node reader',
      options: PLANNED_ONCE,
      // A connection that is kept keeps its prepared statements.
      idleTimeoutMillis: 0,
    });
    this.pool.on('error', () => undefined);
  }

  query<Row extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<Row>> {
    return this.patiently(() => this.pool.query<Row>(query));
  }

  /** The values of a query of one column, one behind the other. For many rows it costs a fraction of what `query` does. */
  copy(select: string, expectedBytes: number): Promise<Buffer> {
    return this.patiently(async () => {
      const client = await this.pool.connect();
      try {
        const values = await client.query(new CopyOut(select, expectedBytes)).done;
        client.release();
        return values;
      } catch (error) {
        client.release(true);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.pool.end();
  }

  private async patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let pause = RETRY; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await ask();
      } catch (error) {
        if (this.isClosed || isRefusal(error)) throw error;
        await sleep(pause);
      }
    }
  }
}

/** Postgres has answered, and the answer is no: to try again would change nothing. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(2[0-9]|42|53|54)/.test(error.code);
