import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { isAlive, removeEmbeddedStack, temporaryFolder } from '#embedded';

const folder = temporaryFolder('taizhang-test');
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const running: ChildProcess[] = [];

/** The built program on its embedded default. */
interface Program {
  readonly process: ChildProcess;
  readonly url: string;
  readonly ended: Promise<number | null>;
  said(): string;
}

function start(variables: NodeJS.ProcessEnv = {}): Promise<Program> {
  const program = spawn(process.execPath, [join(root, 'dist', 'apps', 'server', 'main.js')], {
    env: { PATH: process.env['PATH'], DATA_FOLDER: folder, PORT: '0', ...variables },
  });
  running.push(program);
  const ended = new Promise<number | null>((resolve) => program.once('close', resolve));
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [program.stdout, program.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const url = /answers on (http:\S+)\s/.exec(said)?.[1];
        if (url !== undefined) resolve({ process: program, url, ended, said: () => said });
      });
    }
    void ended.then((code) => {
      reject(new Error(`exit code ${code ?? 'none'}: ${said}`));
    });
  });
}

const pidIn = async (file: string): Promise<number> => Number.parseInt(await readFile(join(folder, file), 'utf8'), 10);
const postgresLog = (): Promise<string> => readFile(join(folder, 'postgres', 'postgres.log'), 'utf8');

afterEach(() => {
  for (const program of running.splice(0)) program.kill('SIGTERM');
});

afterAll(() => removeEmbeddedStack(folder));

test('stops the server, the node and Postgres in this order, whatever further signals come', async () => {
  const server = await start();
  const health = await fetch(`${server.url}/health`);
  expect(health.status).toBe(200);
  const [node, postgres] = [await pidIn('event-node.pid'), await pidIn('postgres/cluster/postmaster.pid')];

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGINT'] as const) server.process.kill(signal);
  expect(await server.ended).toBe(0);
  expect([isAlive(node), isAlive(postgres)]).toEqual([false, false]);
  // Had Postgres stopped before them, it would have cut the connections of the server or the node.
  expect(await postgresLog()).toMatch(/database system is shut down/);
  expect(await postgresLog()).not.toMatch(/terminating connection/);
});

test('says what it lost, ends with an error, and starts again on the same folder', async () => {
  const server = await start();
  process.kill(await pidIn('event-node.pid'), 'SIGKILL');
  expect(await server.ended).toBe(1);
  expect(server.said()).toContain('The event node ended by itself (signal SIGKILL)');

  const again = await start();
  expect((await fetch(`${again.url}/health`)).status).toBe(200);
  again.process.kill('SIGTERM');
  expect(await again.ended).toBe(0);
});

test('a port that was asked for and is busy is one clear line', async () => {
  const server = await start();
  const { port } = new URL(server.url);
  const failure = await start({ PORT: port }).catch(String);
  expect(failure).toBe(`Error: exit code 1: 127.0.0.1:${port} cannot be listened on: free it, or set HOST and PORT.\n`);
  server.process.kill('SIGTERM');
  await server.ended;
});
