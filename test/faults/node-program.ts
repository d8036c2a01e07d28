import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findRunningStack, isAlive, lastingPort, removeEmbeddedStack } from '#embedded';
import { until } from './until.js';

const TAIZHANG = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));
const START_PATIENCE = 180_000;
const END_PATIENCE = 120_000;

/** The processes of a running program, by what they do. */
export interface Processes {
  readonly command: number | undefined;
  readonly node: number;
  readonly postmaster: number | undefined;
  /** The backend of Postgres through which the node writes its log. */
  readonly backend: number | undefined;
}

/** `taizhang event-node` on a folder of its own, which a test may stop, kill whole or in part, and start again. */
export class NodeProgram {
  #command: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async in(folder: string): Promise<NodeProgram> {
    return new NodeProgram(folder, await lastingPort());
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get connectionString(): string {
    return `esdb://${this.address}?tls=false`;
  }

  /** Returns when it answers; nothing to do when it runs. */
  async start(): Promise<void> {
    if (isAlive(this.#node)) return;
    await rm(this.#pidFile, { force: true });
    const parameters = ['event-node', '--port', String(this.port), '--data', this.folder, '--pid-file', this.#pidFile];
    const command = spawn(process.execPath, [TAIZHANG, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#command = command;
    let said = '';
    for (const stream of [command.stdout, command.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const isReady = () => said.includes('event node ready') || hasEnded(command);
    await until('the event node to be ready', isReady, START_PATIENCE).catch(() => undefined);
    if (!said.includes('event node ready')) throw new Error(`the event node does not start:\n${said}`);
  }

  /** Resolves when the command has ended, in whatever way. */
  async ended(): Promise<void> {
    if (this.#command && !hasEnded(this.#command)) await once(this.#command, 'exit');
  }

  /** What can be killed, while it runs. */
  async processes(): Promise<Processes> {
    const { databaseUrl = '' } = (await findRunningStack(this.folder)) ?? {};
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query<{ postmaster: number; backend: number | null }>(
      `select split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int as postmaster,
              (select pid from pg_stat_activity where application_name = 'event-node writer') as backend`,
    );
    await client.end();
    const [{ postmaster, backend } = {}] = rows;
    return { command: this.#command?.pid, node: this.#node, postmaster, backend: backend ?? undefined };
  }

  /** Sends a signal to the node itself. */
  async signal(name: string, untilGone: boolean): Promise<{ gone?: boolean }> {
    const pid = this.#node;
    if (isSignal(name) && isAlive(pid)) process.kill(pid, name);
    if (!untilGone) return {};
    await until('the node to end', () => !isAlive(pid), END_PATIENCE).catch(() => undefined);
    return { gone: !isAlive(pid) };
  }

  /** Ends it and deletes what it kept. */
  async remove(): Promise<void> {
    await this.signal('SIGKILL', true);
    await this.ended();
    await removeEmbeddedStack(this.folder);
    await rm(this.#pidFile, { force: true });
  }

  get #pidFile(): string {
    return join(dirname(this.folder), `${this.port}.pid`);
  }

  get #node(): number {
    return existsSync(this.#pidFile) ? Number(readFileSync(this.#pidFile, 'utf8')) : 0;
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
const isSignal = (name: string): name is NodeJS.Signals => name.startsWith('SIG');
