import { spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart } from './cannot-start.js';
import { freePort } from './ports.js';
import { ending, endProcess, endsWithUs } from './processes.js';

export interface EventNodeOptions {
  /** The Postgres database that holds its log. */
  readonly databaseUrl: string;
  /** A free one when absent. */
  readonly port?: number;
  readonly host?: string;
  readonly pidFile?: string;
  /** With TLS and a user it may listen elsewhere than on loopback: files for all three. */
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
  readonly userFile?: string;
  readonly logFile?: string;
}

/** Options that the node takes as they are. */
const PASSED_ON = [
  ['host', '--host'],
  ['pidFile', '--pid-file'],
  ['tlsCertificate', '--tls-certificate'],
  ['tlsKey', '--tls-key'],
  ['userFile', '--user-file'],
] as const;

/** The event node as a process of its own, ready for clients. */
export interface RunningEventNode {
  readonly connectionString: string;
  readonly pid: number;
  /** Resolves with the reason when it ends without having been told to. */
  readonly lost: Promise<string>;
  /** Whether it has ended in good order: then somebody told it to, by its pid. */
  readonly endedWell: () => boolean;
  stop(): Promise<void>;
  /** Ends it without waiting for what is under way; nothing that was acknowledged is lost. */
  kill(): Promise<void>;
}

/** Starts `apps/event-node` and waits until it says that it is ready. */
export async function startEventNode(options: EventNodeOptions): Promise<RunningEventNode> {
  const program = builtEventNode();
  const { port = 0 } = options;
  if (port !== 0 && (await freePort(port, options.host)) !== port) {
    throw new CannotStart(`Port ${port} is in use: stop what listens there, or choose another port.`);
  }
  const { url, password } = withoutPassword(options.databaseUrl);
  const parameters = ['--port', String(port), '--database-url', url];
  for (const [name, flag] of PASSED_ON) {
    const value = options[name];
    if (value !== undefined) parameters.push(flag, value);
  }
  // Detached: the terminal's Ctrl-C reaches us only, and we stop the node after the server.
  const child = spawn(process.execPath, [program, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...(password !== undefined && { PGPASSWORD: password }) },
    detached: true,
  });
  endsWithUs(child, 'KILL');
  if (options.logFile !== undefined) {
    const logFile = createWriteStream(options.logFile, { flags: 'a' });
    child.stdout.pipe(logFile, { end: false });
    child.stderr.pipe(logFile, { end: false });
    child.once('close', () => logFile.end());
  }

  const ended = ending(child);
  const connectionString = await readyLine(child, ended);
  const pid = child.pid ?? 0;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await endProcess(pid, [
      ['SIGTERM', 30_000],
      ['SIGKILL', 5_000],
    ]);
    await ended;
  };
  const lost = new Promise<string>((resolve) => {
    void ended.then((how) => {
      if (!stopping) resolve(`The event node ended by itself (${how})`);
    });
  });
  const endedWell = (): boolean => child.exitCode === 0;
  const kill = (): Promise<void> => endProcess(pid, [['SIGKILL', 5_000]]);
  return { connectionString, pid, lost, endedWell, stop: () => (stopping ??= stop()), kill };
}

/** Running from `dist` and running a test on the sources both use the built program. */
function builtEventNode(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  const program = join(root, 'dist', 'apps', 'event-node', 'main.js');
  if (!existsSync(program)) throw new CannotStart(`${program} is not built: run \`npm run build\`.`);
  return program;
}

/** Every user of the machine can read a command line, so the password travels in the environment. */
function withoutPassword(databaseUrl: string): { readonly url: string; readonly password: string | undefined } {
  const url = new URL(databaseUrl);
  const password = url.password === '' ? undefined : decodeURIComponent(url.password);
  url.password = '';
  return { url: url.toString(), password };
}

function readyLine(child: ReturnType<typeof spawn>, ended: Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    let complaints = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
      const ready = /event node ready (esdb:\/\/\S+)\s/.exec(said);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-4_000);
    });
    void ended.then((how) => {
      reject(new CannotStart(`The event node does not start (${how}):\n${complaints.trim() || said.trim()}`));
    });
  });
}
