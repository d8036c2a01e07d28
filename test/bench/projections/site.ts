import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  removeEmbeddedStack,
  type RunningEventNode,
  type RunningPostgres,
  startEventNode,
  startPostgres,
  temporaryFolder,
} from '#embedded';
import type { Place } from './place.js';

/** Postgres and event nodes on a folder of their own, as `npm start` runs them: durable, fsync on. */
export class Site {
  readonly #masterKey = randomBytes(32).toString('base64');
  readonly #nodes = new Map<string, RunningEventNode>();
  readonly #rows = new Map<number, string>();
  #readModels = 0;

  private constructor(
    private readonly folder: string,
    private readonly postgres: RunningPostgres,
  ) {}

  static async open(): Promise<Site> {
    const folder = temporaryFolder('taizhang-bench');
    const postgres = await startPostgres({ folder: join(folder, 'postgres') });
    await postgres.createDatabase('taizhang');
    return new Site(folder, postgres);
  }

  /** What opens the sealed fields of all its logs. */
  get keys(): Omit<Place, 'eventStoreUrl'> {
    return { keysUrl: this.postgres.url('taizhang'), masterKey: this.#masterKey };
  }

  /** The database that holds a log or what is copied. */
  async logUrl(log: string): Promise<string> {
    await this.postgres.createDatabase(log);
    return this.postgres.url(log);
  }

  /** An event node on the log. */
  async serve(log: string): Promise<Place> {
    const node = this.#nodes.get(log) ?? (await startEventNode({ databaseUrl: await this.logUrl(log) }));
    this.#nodes.set(log, node);
    return { eventStoreUrl: node.connectionString, ...this.keys };
  }

  /** Lends a database: an empty one, or a copy of another. */
  async withDatabase<T>(work: (databaseUrl: string) => Promise<T>, original = 'template1'): Promise<T> {
    const name = `read_models_${++this.#readModels}`;
    const admin = new Client({ connectionString: this.postgres.url('postgres') });
    await admin.connect();
    await admin.query(`create database ${name} template ${original}`);
    await admin.end();
    try {
      return await work(this.postgres.url(name));
    } finally {
      await this.postgres.dropDatabase(name);
    }
  }

  /** Whoever fills the lead funnel from these events must make the same rows. */
  compareRows(events: number, rows: string): void {
    const others = this.#rows.get(events) ?? rows;
    this.#rows.set(events, others);
    if (rows !== others) throw new Error(`The lead funnel is made otherwise: ${rows} instead of ${others}`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
    await this.postgres.stop();
    await removeEmbeddedStack(this.folder);
  }
}
