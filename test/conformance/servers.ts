import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, isAlive, removeEmbeddedStack } from '#embedded';

const TAIZHANG = new URL('../../dist/apps/cli/main.js', import.meta.url).pathname;
const START_PATIENCE = 60_000;
const END_PATIENCE = 30_000;

/** A server that a case may stop, kill and start again: `taizhang event-node` on a folder of its own. */
export class SpareServer {
  private program: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async in(folder: string): Promise<SpareServer> {
    return new SpareServer(folder, await freePort());
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Returns when it answers; nothing to do when it runs. */
  async start(): Promise<void> {
    if (this.isRunning) return;
    await rm(this.pidFile, { force: true });
    const parameters = ['event-node', '--port', String(this.port), '--data', this.folder, '--pid-file', this.pidFile];
    const program = spawn(process.execPath, [TAIZHANG, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.program = program;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        if (said.includes('event node ready')) resolve();
      };
      program.stdout.on('data', hear);
      program.stderr.on('data', hear);
      program.once('close', () => {
        reject(new Error(`the spare server does not start:\n${said}`));
      });
      setTimeout(reject, START_PATIENCE, new Error(`the spare server is not ready:\n${said}`)).unref();
    });
  }

  /** Sends a signal to the node itself. */
  async signal(name: string, untilGone: boolean): Promise<{ gone?: boolean }> {
    const pid = this.pid;
    if (isSignal(name) && isAlive(pid)) process.kill(pid, name);
    if (!untilGone) return {};
    for (const deadline = Date.now() + END_PATIENCE; isAlive(pid) && Date.now() < deadline;) await sleep(20);
    return { gone: !isAlive(pid) };
  }

  /** Ends it and deletes what it kept. */
  async remove(): Promise<void> {
    if (this.isRunning) await this.signal('SIGKILL', true);
    const { program } = this;
    if (program && program.exitCode === null) await new Promise((resolve) => program.once('exit', resolve));
    await removeEmbeddedStack(this.folder);
  }

  private get isRunning(): boolean {
    return isAlive(this.pid);
  }

  private get pidFile(): string {
    return join(this.folder, '..', `${this.port}.pid`);
  }

  private get pid(): number {
    return existsSync(this.pidFile) ? Number(readFileSync(this.pidFile, 'utf8')) : 0;
  }
}

const isSignal = (name: string): name is NodeJS.Signals => name.startsWith('SIG');
