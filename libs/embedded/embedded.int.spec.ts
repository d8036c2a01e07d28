import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { isAlive, removeEmbeddedStack, startPostgres, temporaryFolder, type RunningPostgres } from './index.js';
import { until } from './processes.js';

/** Making a cluster takes seconds, so most tests share one folder. */
const folder = temporaryFolder('taizhang-test');
const started: RunningPostgres[] = [];

const start = async (log: string[] = []): Promise<RunningPostgres> => {
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), log: (message) => log.push(message) });
  started.push(postgres);
  return postgres;
};

const query = async (url: string, sql: string): Promise<readonly unknown[]> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((postgres) => postgres.stop()));
});

afterAll(() => removeEmbeddedStack(folder));

describe('the embedded Postgres', () => {
  test('keeps data, password and port from one start to the next, and stops', async () => {
    const first = await start();
    await Promise.all([first.createDatabase('ledger'), first.createDatabase('ledger')]);
    await query(first.url('ledger'), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start();
    expect(second.url('ledger')).toBe(first.url('ledger'));
    expect(await query(second.url('ledger'), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('a killed one is noticed, and the next start recovers what was committed', async () => {
    const first = await start();
    await query(first.url('postgres'), 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.lost).toContain('SIGKILL');
    await first.stop();

    const second = await start();
    expect(await query(second.url('postgres'), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('a folder in use is refused, naming the process that holds it', async () => {
    await start();
    await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
  });

  test('a busy port gives way to another, with a word about it', async () => {
    const first = await start();
    const { port } = first;
    await first.stop();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const log: string[] = [];
    const second = await start(log);
    other.close();
    expect(second.port).not.toBe(port);
    expect(log.join()).toContain(`Port ${port} is busy`);
  });

  test('an interrupted initdb and a stale lock are cleared away', async () => {
    const home = join(folder, 'postgres');
    await mkdir(join(home, 'cluster.new-interrupted', 'base'), { recursive: true });
    await writeFile(join(home, 'lock'), `${process.pid} another-start-time`);
    await start();
    expect(readdirSync(home).filter((name) => name.startsWith('cluster'))).toEqual(['cluster']);
    expect(await readFile(join(home, 'lock'), 'utf8')).not.toContain('another-start-time');
  });

  test('it does not outlive an owner that was killed, and leaves its folder ready for the next', async () => {
    const built = join(projectRoot(), 'dist', 'libs', 'embedded', 'index.js');
    const program = `const { startPostgres } = await import(${JSON.stringify(built)});
    console.log((await startPostgres({ folder: ${JSON.stringify(join(folder, 'postgres'))} })).pid);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) => {
      owner.stdout.once('data', (line: Buffer) => {
        resolve(Number(line.toString()));
      });
    });
    expect(isAlive(pid)).toBe(true);
    owner.kill('SIGKILL');
    expect(await until(() => !isAlive(pid), 120_000)).toBe(true);
    await start();
  });

  test('a failed start shows the end of the log', async () => {
    await (await start()).stop();
    await writeFile(join(folder, 'postgres', 'cluster', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start()).rejects.toThrow(/no_such_setting/);
    expect(existsSync(join(folder, 'postgres', 'lock'))).toBe(false);
  });
});

const projectRoot = (): string => dirname(dirname(dirname(fileURLToPath(import.meta.url))));
