import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { isAlive, lastingPort, removeEmbeddedStack, temporaryFolder } from '#embedded';
import { EventStoreDB } from '#event-store';
import { until } from '../../test/faults/index.js';

const TAIZHANG = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));
const folder = temporaryFolder('taizhang-event-node');
const data = join(folder, 'data');
const pidFile = join(folder, 'pid');
const port = await lastingPort();

afterAll(() => removeEmbeddedStack(folder));

interface Program {
  readonly pid: number;
  readonly nodePid: number;
  said(): string;
  readonly exit: Promise<number | null>;
}

/** `taizhang event-node`, however it goes on from here. */
function run(...more: readonly string[]) {
  const parameters = ['event-node', '--port', String(port), '--data', data, '--pid-file', pidFile, ...more];
  const child = spawn(process.execPath, [TAIZHANG, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = once(child, 'close').then(() => child.exitCode);
  return { pid: child.pid ?? 0, said: () => text, exit };
}

async function start(): Promise<Program> {
  const program = run();
  await until('it is ready', () => program.said().includes('event node ready'));
  return { ...program, nodePid: Number(readFileSync(pidFile, 'utf8')) };
}

const ids = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const;

async function appendsTo(stream: string, id: string): Promise<bigint> {
  const store = new EventStoreDB(`esdb://127.0.0.1:${port}?tls=false`);
  const { revision } = await store.append(stream, 'no_stream', [{ id, type: 'Happened', data: {}, metadata: {} }]);
  await store.close();
  return revision;
}

test('it prints its connection string, writes the pid of the node, and stops cleanly', async () => {
  const program = await start();
  expect(program.said()).toBe(`event node ready esdb://127.0.0.1:${port}?tls=false\n`);
  expect(readFileSync(`/proc/${program.nodePid}/cmdline`, 'utf8')).toContain('event-node/main.js');
  await appendsTo('kept', ids[0]);
  process.kill(program.pid, 'SIGINT');
  expect(await program.exit).toBe(0);
  expect([isAlive(program.nodePid), existsSync(pidFile)]).toEqual([false, false]);
});

test('a signal to the node stops all of it cleanly too', async () => {
  const program = await start();
  process.kill(program.nodePid, 'SIGTERM');
  expect(await program.exit).toBe(0);
});

test('a second node on the folder, and one on a port in use, are refused in words', async () => {
  const program = await start();
  const second = run('--port', '0');
  const third = run('--data', join(folder, 'other'));
  expect(await third.exit).toBe(1);
  expect(third.said()).toContain(`Port ${port} is in use: stop what listens there, or choose another port.`);
  expect(await second.exit).toBe(1);
  expect(second.said()).toMatch(/is in use by process \d+: stop that process, or choose another data folder/);
  process.kill(program.pid, 'SIGTERM');
  await program.exit;
  await removeEmbeddedStack(join(folder, 'other'));
});

describe('killed, the next start on the folder goes on where it was', () => {
  test.each([
    ['the node', ({ nodePid }: Program) => [nodePid]],
    ['the command', ({ pid }: Program) => [pid]],
    ['both', ({ pid, nodePid }: Program) => [pid, nodePid]],
  ])('%s', async (_, victims) => {
    const first = await start();
    for (const pid of victims(first)) process.kill(pid, 'SIGKILL');
    const second = await start();
    expect(second.nodePid).not.toBe(first.nodePid);
    expect(isAlive(first.nodePid)).toBe(false);
    expect(await appendsTo('kept', ids[0])).toBe(0n);
    await expect(appendsTo('kept', ids[1])).rejects.toThrow('is at 0');
    process.kill(second.pid, 'SIGTERM');
    expect(await second.exit).toBe(0);
  });
});
