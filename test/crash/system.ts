import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  freePort,
  removeEmbeddedStack,
  type RunningEventNode,
  type RunningPostgres,
  startEventNode,
  startPostgres,
} from '#embedded';

export const parts = ['server', 'event node', 'postgres'] as const;
export type Part = (typeof parts)[number];

/** Server, event node and Postgres as processes of their own, each of which can be killed and started again. */
export class System {
  readonly masterKey = randomBytes(32).toString('base64');
  #folder = '';
  #ports = { server: 0, node: 0 };
  #postgres: RunningPostgres | undefined;
  #node: RunningEventNode | undefined;
  #server: ChildProcess | undefined;

  get url(): string {
    return `http://127.0.0.1:${this.#ports.server}`;
  }

  get databaseUrl(): string {
    return this.#postgres?.url('taizhang') ?? '';
  }

  get eventStoreUrl(): string {
    return this.#node?.connectionString ?? '';
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'taizhang-crash-'));
    this.#ports = { server: await freePort(0), node: await freePort(0) };
    await this.#startPostgres();
    await this.#postgres?.createDatabase('event_log');
    await this.#postgres?.createDatabase('taizhang');
    await this.#startNode();
    this.#startServer();
  }

  /** Ends a part as a power cut would, and starts it again. */
  async killAndRestart(part: Part): Promise<void> {
    switch (part) {
      case 'server':
        await this.#killServer();
        this.#startServer();
        return;
      case 'event node':
        kill(this.#node?.pid);
        await this.#node?.lost;
        return this.#startNode();
      case 'postgres':
        kill(this.#postgres?.pid);
        await this.#postgres?.stop();
        return this.#startPostgres();
    }
  }

  /** A part that ended because another one was killed is started again, as whoever runs it in earnest would. */
  async healthy(): Promise<void> {
    for (;;) {
      if (this.#server?.exitCode !== null || this.#server.signalCode !== null) this.#startServer();
      const answer = await fetch(`${this.url}/health`).catch(() => undefined);
      if (answer?.ok) return;
      await setTimeout(50);
    }
  }

  async stop(): Promise<void> {
    await this.#killServer();
    await this.#node?.stop();
    await this.#postgres?.stop();
    await removeEmbeddedStack(this.#folder);
  }

  async #startPostgres(): Promise<void> {
    this.#postgres = await startPostgres({ folder: join(this.#folder, 'postgres') });
  }

  async #startNode(): Promise<void> {
    const databaseUrl = this.#postgres?.url('event_log') ?? '';
    this.#node = await startEventNode({ databaseUrl, port: this.#ports.node });
    const { lost } = this.#node;
    void lost.then(() => undefined);
  }

  #startServer(): void {
    this.#server = spawn(process.execPath, ['dist/apps/server/main.js'], {
      stdio: 'ignore',
      env: {
        ...process.env,
        EVENTSTORE_URL: this.eventStoreUrl,
        DATABASE_URL: this.databaseUrl,
        PORT: String(this.#ports.server),
        MASTER_KEY: this.masterKey,
      },
    });
  }

  async #killServer(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
}

function kill(pid: number | undefined): void {
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
}
