import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';

const RETRY = 50;
const LONGEST_PAUSE = 2000;

/** The database of the log, for reading. While Postgres is away, as in a crash of its own, a query waits for it. */
export class LogDatabase {
  private readonly pool: Pool;
  private isClosed = false;

  constructor(connectionString: string, connections: number) {
    this.pool = new Pool({ connectionString, max: connections, application_name: 'event-node reader' });
    this.pool.on('error', () => undefined);
  }

  async query<Row extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<Row>> {
    for (let pause = RETRY; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await this.pool.query<Row>(query);
      } catch (error) {
        if (this.isClosed || isRefusal(error)) throw error;
        await sleep(pause);
      }
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.pool.end();
  }
}

/** Postgres has answered, and the answer is no: to try again would change nothing. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(2[0-9]|42|53|54)/.test(error.code);
