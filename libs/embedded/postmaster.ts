import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import pg from 'pg';
import { CannotStart } from './cannot-start.js';
import { serverEnvironment, superuser, type Cluster } from './cluster.js';
import { endPostmaster } from './end-postmaster.js';
import { freePort } from './ports.js';
import { type PostgresBinaries } from './postgres-binaries.js';
import { type ServerUser } from './postgres-user.js';
import { ending, endsWithUs, until } from './processes.js';

export interface Postmaster {
  readonly port: number;
  readonly pid: number;
  readonly lost: Promise<string>;
  stop(): Promise<void>;
}

interface Launch {
  readonly binaries: PostgresBinaries;
  readonly cluster: Cluster;
  readonly user: ServerUser;
  readonly port: number;
  readonly logFile: string;
}

/** A commit must survive a power cut; the rest suits a small machine that also runs the application. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '128MB',
  max_connections: '100',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  // What a statement fails on is told to who sent it. The log would quote its values, which no erasure reaches.
  log_min_messages: 'log',
};

/** Replaying a long log after a crash may take a while on a slow disk. */
const readyWithinMs = 300_000;

/** Starts the postmaster; on another port when its port was taken in the meantime. */
export async function launch(wanted: Launch): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const started = await tryLaunch(wanted);
    if (typeof started !== 'string') return started;
    const portTaken = /could not (bind|create any TCP)/.test(started);
    if (!portTaken || attempt === 5)
      throw new CannotStart(`Postgres does not start. ${wanted.logFile} ends:\n${started}`);
    wanted = { ...wanted, port: await freePort() };
  }
}

/** The running postmaster, or the last lines of its log. */
async function tryLaunch(options: Launch): Promise<Postmaster | string> {
  const { binaries, cluster, user, port, logFile } = options;
  await rename(logFile, logFile.replace(/\.log$/, '.previous.log')).catch(() => undefined);
  const output = openSync(logFile, 'a', 0o600);
  const parameters = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Detached, in a group of its own: the terminal's Ctrl-C reaches us only, and we stop Postgres last.
  const child = spawn(binaries.postgres, ['-D', cluster.data, ...parameters], {
    ...user,
    cwd: cluster.data,
    env: serverEnvironment(),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  const ended = ending(child);
  endsWithUs(child, 'INT');

  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  await until(async () => hasEnded() || (await accepts(cluster, port)), readyWithinMs);
  const pid = child.pid;
  if (pid === undefined || hasEnded() || !(await accepts(cluster, port))) {
    child.kill('SIGQUIT');
    return `${await lastLines(logFile)}\n(${await ended})`;
  }

  let stopping = false;
  const lost = new Promise<string>((resolve) => {
    void ended.then((how) => {
      if (!stopping) resolve(`Postgres ended by itself (${how}); see ${logFile}`);
    });
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    await endPostmaster(pid, port);
    await ended;
  };
  return { port, pid, lost, stop };
}

async function accepts(cluster: Cluster, port: number): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: superuser,
    password: cluster.password,
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-15).join('\n');
}
