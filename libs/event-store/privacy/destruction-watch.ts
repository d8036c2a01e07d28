import { setTimeout } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';

const RETRY_MS = 1_000;
/** A connection that broke silently is noticed after this. */
const HEARTBEAT_MS = 15_000;

/** Hears which keys were destroyed, from whatever process; after each gap in hearing everything is to be forgotten. */
export class DestructionWatch {
  private readonly closed = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly channel: string,
    private readonly forget: (subjects: readonly string[] | 'all') => void,
  ) {}

  /** Resolves once it listens. */
  start(): Promise<void> {
    return new Promise((listening) => {
      this.running ??= this.run(listening);
    });
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.running;
  }

  private async run(listening: () => void): Promise<void> {
    const { signal } = this.closed;
    while (!signal.aborted) {
      const client = await this.pool.connect().catch(() => undefined);
      if (client) await this.listen(client, listening).finally(() => client.release(true));
      await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Until the connection is lost or the watch is closed. */
  private async listen(client: PoolClient, listening: () => void): Promise<void> {
    const { signal } = this.closed;
    const lost = new AbortController();
    const ended = AbortSignal.any([signal, lost.signal]);
    client.on('error', () => lost.abort());
    client.on('notification', ({ payload = '' }) => this.forget([payload]));
    try {
      await client.query(`listen "${this.channel}"`);
      this.forget('all');
      listening();
      while (!ended.aborted) {
        await setTimeout(HEARTBEAT_MS, undefined, { signal: ended });
        await client.query('select');
      }
    } catch {
      // Lost or closed: what may have been missed is forgotten when it listens again.
    }
  }
}
