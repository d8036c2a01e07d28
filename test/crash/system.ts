import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  lastingPort,
  removeEmbeddedStack,
  removeLeftovers,
  type RunningEventNode,
  type RunningPostgres,
  startEventNode,
  startPostgres,
  temporaryFolder,
} from '#embedded';
import { FaultProxy, kill } from '../faults/index.js';

/** A server by its name, or what all servers stand on. */
export type Part<Name extends string> = Name | 'event node' | 'postgres';

const FOLDERS = 'taizhang-crash';
/** Longer than anything takes that goes on. */
const PATIENCE_MS = 180_000;

interface SystemOptions {
  /** A network that can fail between the servers and the event node. */
  readonly hasFaultyNetwork?: boolean;
  /** What the servers find in their environment beside the addresses. */
  readonly configuration?: Readonly<Record<string, string>>;
}

/** Servers by name with the roles of each, event node and Postgres as processes of their own; each can be killed and comes back. */
export class System<Name extends string> {
  readonly masterKey = randomBytes(32).toString('base64');
  readonly folder = temporaryFolder(FOLDERS);
  #postgres: RunningPostgres | undefined;
  #node: RunningEventNode | undefined;
  #nodePort = 0;
  #nodeIsLost = false;
  #network: FaultProxy | undefined;
  readonly #servers = new Map<Name, Server>();

  constructor(
    private readonly roles: Readonly<Record<Name, string>>,
    private readonly options: SystemOptions = {},
  ) {}

  /** What stands between the servers and the event node. */
  get network(): FaultProxy {
    if (this.#network === undefined) throw new Error('this system has no faulty network');
    return this.#network;
  }

  /** Where a server answers. */
  url(name: Name): string {
    return this.#servers.get(name)?.url ?? '';
  }

  get databaseUrl(): string {
    return this.#postgres?.url('taizhang') ?? '';
  }

  get eventStoreUrl(): string {
    return this.#node?.connectionString ?? '';
  }

  async start(): Promise<void> {
    await removeLeftovers(FOLDERS);
    this.#nodePort = await lastingPort();
    await this.#startPostgres();
    await this.#postgres?.createDatabase('event_log');
    await this.#postgres?.createDatabase('taizhang');
    await this.#startNode();
    if (this.options.hasFaultyNetwork) this.#network = await FaultProxy.before(this.eventStoreUrl);
    for (const name of namesIn(this.roles))
      this.#servers.set(name, new Server(this.roles[name], await lastingPort(), join(this.folder, `${name}.log`)));
    await this.healthy();
  }

  /** Ends a part as a power cut would, and starts it again. */
  async killAndRestart(part: Part<Name>): Promise<void> {
    switch (part) {
      case 'event node':
        kill(this.#node?.pid);
        await this.#node?.lost;
        return this.#startNode();
      case 'postgres':
        kill(this.#postgres?.pid);
        await this.#postgres?.stop();
        return this.#startPostgres();
      default:
        return this.kill(part);
    }
  }

  /** Ends a server as a power cut would; `healthy` starts it again. */
  async kill(name: Name): Promise<void> {
    await this.#servers.get(name)?.kill();
  }

  /** Starts again what has ended, as whoever runs it in earnest would, until all of it answers. */
  async healthy(): Promise<void> {
    for (const deadline = performance.now() + PATIENCE_MS; ; await setTimeout(50)) {
      if (this.#nodeIsLost) await this.#startNode();
      for (const server of this.#servers.values()) server.startUnlessRunning(this.#serverEnvironment);
      const answers = await Promise.all([...this.#servers.values()].map((server) => server.isHealthy()));
      if (answers.every(Boolean) && !this.#nodeIsLost) return;
      if (performance.now() > deadline) throw new Error(`not healthy after ${PATIENCE_MS} ms: ${this.#told(answers)}`);
    }
  }

  #told(answers: readonly boolean[]): string {
    const silent = [...this.#servers.keys()].filter((_, index) => answers[index] !== true);
    return [...silent, ...(this.#nodeIsLost ? ['event node'] : [])].join(', ');
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.values()) await server.kill();
    await this.#network?.close();
    await this.#node?.stop();
    await this.#postgres?.stop();
    await removeEmbeddedStack(this.folder);
  }

  get #serverEnvironment(): NodeJS.ProcessEnv {
    const { configuration } = this.options;
    return { ...this.environment, ...configuration, EVENTSTORE_URL: this.#network?.url ?? this.eventStoreUrl };
  }

  /** Where the parts of this system are, as a program finds it in its environment. */
  get environment(): NodeJS.ProcessEnv {
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
    private readonly roles: string,
    private readonly port: number,
    private readonly logFile: string,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  startUnlessRunning(environment: NodeJS.ProcessEnv): void {
    if (this.#isRunning) return;
    const log = openSync(this.logFile, 'a');
    this.#process = spawn(process.execPath, ['dist/apps/server/main.js'], {
      stdio: ['ignore', log, log],
      env: { ...environment, ROLES: this.roles, PORT: String(this.port) },
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

/** The names are the keys: nothing else is put into the record. */
const namesIn = <Name extends string>(record: Readonly<Record<Name, string>>) => Object.keys(record) as Name[];
