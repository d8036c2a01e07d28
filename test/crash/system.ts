import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  freePort,
  removeEmbeddedStack,
  removeLeftovers,
  type RunningEventNode,
  type RunningPostgres,
  startEventNode,
  startPostgres,
  temporaryFolder,
} from '#embedded';
import { kill } from '../faults/index.js';

export const parts = ['projector', 'event node', 'postgres'] as const;
export type Part = (typeof parts)[number];

const FOLDERS = 'taizhang-crash';

/** Command door, projector, event node and Postgres as processes of their own; each can be killed and comes back. */
export class System {
  readonly masterKey = randomBytes(32).toString('base64');
  readonly folder = temporaryFolder(FOLDERS);
  #postgres: RunningPostgres | undefined;
  #node: RunningEventNode | undefined;
  #nodePort = 0;
  #nodeIsLost = false;
  readonly #servers = new Map<'api' | 'projector', Server>();

  get url(): string {
    return this.#servers.get('api')?.url ?? '';
  }

  get databaseUrl(): string {
    return this.#postgres?.url('taizhang') ?? '';
  }

  get eventStoreUrl(): string {
    return this.#node?.connectionString ?? '';
  }

  async start(): Promise<void> {
    await removeLeftovers(FOLDERS);
    this.#nodePort = await freePort(0);
    await this.#startPostgres();
    await this.#postgres?.createDatabase('event_log');
    await this.#postgres?.createDatabase('taizhang');
    await this.#startNode();
    for (const role of ['api', 'projector'] as const)
      this.#servers.set(role, new Server(role, await freePort(0), join(this.folder, `${role}.log`)));
    await this.healthy();
  }

  /** Ends a part as a power cut would, and starts it again. */
  async killAndRestart(part: Part): Promise<void> {
    switch (part) {
      case 'projector':
        return this.#servers.get('projector')?.kill();
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

  /** Starts again what has ended, as whoever runs it in earnest would, until all of it answers. */
  async healthy(): Promise<void> {
    for (;;) {
      if (this.#nodeIsLost) await this.#startNode();
      for (const server of this.#servers.values()) server.startUnlessRunning(this.#environment);
      const answers = await Promise.all([...this.#servers.values()].map((server) => server.isHealthy()));
      if (answers.every(Boolean) && !this.#nodeIsLost) return;
      await setTimeout(50);
    }
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.values()) await server.kill();
    await this.#node?.stop();
    await this.#postgres?.stop();
    await removeEmbeddedStack(this.folder);
  }

  get #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      EVENTSTORE_URL: this.eventStoreUrl,
      DATABASE_URL: this.databaseUrl,
      MASTER_KEY: this.masterKey,
    };
  }

  async #startPostgres(): Promise<void> {
    this.#postgres = await startPostgres({ folder: join(this.folder, 'postgres') });
  }

  async #startNode(): Promise<void> {
    const databaseUrl = this.#postgres?.url('event_log') ?? '';
    const node = await startEventNode({ databaseUrl, port: this.#nodePort, logFile: join(this.folder, 'node.log') });
    this.#node = node;
    this.#nodeIsLost = false;
    void node.lost.then(() => {
      if (this.#node === node) this.#nodeIsLost = true;
    });
  }
}

/** One `apps/server` process; the address stays the same from life to life. */
class Server {
  readonly url: string;
  #process: ChildProcess | undefined;

  constructor(
    private readonly role: 'api' | 'projector',
    private readonly port: number,
    private readonly logFile: string,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  startUnlessRunning(environment: NodeJS.ProcessEnv): void {
    if (this.#isRunning) return;
    const log = openSync(this.logFile, 'a');
    const ROLES = this.role === 'api' ? 'api' : 'projections';
    this.#process = spawn(process.execPath, ['dist/apps/server/main.js'], {
      stdio: ['ignore', log, log],
      env: { ...environment, ROLES, PORT: String(this.port) },
    });
  }

  isHealthy = async (): Promise<boolean> => (await fetch(`${this.url}/health`).catch(() => undefined))?.ok ?? false;

  async kill(): Promise<void> {
    if (!this.#isRunning || this.#process === undefined) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  get #isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }
}
