import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { copiedRows } from './copied-rows.js';
import { CopyIn } from './copy-in.js';
import { isRefusal } from './database.js';
import type { PendingEvent } from './pending-batch.js';
import { createSchema } from './schema.js';

/** Another node holds the log, or has written to it. */
export class LogTaken extends Error {}

/** Any number that is this program's own: the key of the advisory lock, one log a database. */
const LOCK = '4702394921427289928';

/** After a crash Postgres needs a moment to notice that the holder of the lock is gone. */
const LOCK_PATIENCE = 3000;
const RETRY = 50;
const LONGEST_PAUSE = 2000;

const APPEND = 'copy event_log.events (position, stream, revision, event_id, type, frame) from stdin (format binary)';

/**
 * The one connection that writes to the log. It holds the lock that makes this node the only writer: when the
 * connection is lost, so is the lock, and nothing can be written by a node that does not hold it.
 */
export class WriterSession {
  private constructor(
    private readonly databaseUrl: string,
    private client: Client,
    private lastCommitted: bigint | undefined,
    /** Beyond the last record, as it was found. */
    readonly endOfLog: bigint,
  ) {}

  static async open(databaseUrl: string): Promise<WriterSession> {
    const client = await connect(databaseUrl);
    try {
      await createSchema(client);
      const last = await lastRecord(client);
      return new WriterSession(databaseUrl, client, last?.position, last?.end ?? 0n);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  /** Position of the last event on disk; undefined in a new log. */
  get position(): bigint | undefined {
    return this.lastCommitted;
  }

  /** Writes the events in one transaction. A lost connection is made anew and the outcome looked up. */
  async commit(events: readonly PendingEvent[]): Promise<void> {
    const newest = events.at(-1)?.position;
    if (newest === undefined) return;
    const rows = copiedRows(events);
    for (;;) {
      try {
        await this.client.query(new CopyIn(APPEND, rows)).done;
        break;
      } catch (error) {
        if (isRefusal(error)) throw error;
        if (await this.recover(newest)) break;
      }
    }
    this.lastCommitted = newest;
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  /** Connects again, however long it takes. True when what was under way has been committed after all. */
  private async recover(expected: bigint): Promise<boolean> {
    await this.close();
    for (let pause = RETRY; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        this.client = await connect(this.databaseUrl);
        break;
      } catch (error) {
        if (error instanceof LogTaken) throw error;
        await sleep(pause);
      }
    }
    const position = (await lastRecord(this.client))?.position;
    if (position === expected) return true;
    if (position !== this.lastCommitted) throw new LogTaken('another node has written to the event log meanwhile');
    return false;
  }
}

async function connect(databaseUrl: string): Promise<Client> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'event-node writer',
  });
  client.on('error', () => undefined);
  await client.connect();
  for (const deadline = Date.now() + LOCK_PATIENCE; ; await sleep(RETRY)) {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1::bigint) as held', [LOCK]);
    if (rows[0]?.held === true) return client;
    if (Date.now() > deadline) break;
  }
  await client.end();
  throw new LogTaken('another event node holds this log: stop it first, or give this one another database');
}

async function lastRecord(client: Client): Promise<{ position: bigint; end: bigint } | undefined> {
  const { rows } = await client.query<{ position: string; size: number }>(
    'select position, octet_length(frame) as size from event_log.events order by position desc limit 1',
  );
  return rows[0] && { position: BigInt(rows[0].position), end: BigInt(rows[0].position) + BigInt(rows[0].size) };
}
