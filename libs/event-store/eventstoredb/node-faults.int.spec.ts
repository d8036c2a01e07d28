import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { lastingPort, type RunningEventNode, startEventNode } from '#embedded';
import { FaultProxy, ScriptedServer, until } from '../../../test/faults/index.js';
import { testDatabase } from '../../../test/stack/index.js';
import type { NewEvent } from '../event-store.js';
import { EventStoreDB } from './eventstoredb.js';

/** A node of this file's own, which may be stopped, killed and started again. */
const databaseUrl = await testDatabase();
const port = await lastingPort();
let node: RunningEventNode = await startEventNode({ databaseUrl, port });

let store: EventStoreDB;
let proxy: FaultProxy;

beforeEach(async () => {
  proxy = await FaultProxy.before(node.connectionString);
});

afterEach(async () => {
  await store.close();
  await proxy.close();
});

afterAll(() => node.stop());

const event = (n: number): NewEvent => ({ id: randomUUID(), type: 'Happened', data: { n }, metadata: {} });
const newStream = () => `fault-${randomUUID()}`;

async function idsIn(stream: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.readStream(stream)) ids.push(id);
  return ids;
}

/** Appends events one after the other, each at the exact revision, and tells what was acknowledged. */
async function write(stream: string, count: number, from = 0): Promise<string[]> {
  const ids: string[] = [];
  for (let n = from; n < from + count; n++) {
    const one = event(n);
    const { revision } = await store.append(stream, n === 0 ? 'no_stream' : BigInt(n - 1), [one]);
    expect(revision).toBe(BigInt(n));
    ids.push(one.id);
  }
  return ids;
}

async function restart(): Promise<void> {
  process.kill(node.pid, 'SIGKILL');
  await node.lost;
  node = await startEventNode({ databaseUrl, port });
}

test('a node that hangs costs a caller under five seconds once it answers again', async () => {
  let replaced = 0;
  store = new EventStoreDB(node.connectionString, { log: { warn: () => replaced++ } });
  const stream = newStream();
  const ids = await write(stream, 1);
  process.kill(node.pid, 'SIGSTOP');
  const late = event(1);
  const appended = store.append(stream, 0n, [late]);
  const read = idsIn(newStream());
  // Long enough for the client to have been thrown away more than once.
  await until('the client is replaced', () => replaced > 1);
  process.kill(node.pid, 'SIGCONT');
  const answersAgain = performance.now();
  expect(await appended).toMatchObject({ revision: 1n });
  expect(await read).toEqual([]);
  expect(performance.now() - answersAgain).toBeLessThan(5_000);
  expect(await idsIn(stream)).toEqual([...ids, late.id]);
});

test('a leader that hangs costs under five seconds once the seeds name one that answers', async () => {
  let replaced = 0;
  const other = await FaultProxy.before(node.connectionString);
  const leader = { host: '127.0.0.1', port: proxy.port };
  const seeds = [await ScriptedServer.start({ leader }), await ScriptedServer.start({ leader })];
  const hosts = seeds.map(({ port: seed }) => `127.0.0.1:${seed}`).join(',');
  store = new EventStoreDB(`esdb://${hosts}?tls=false`, { log: { warn: () => replaced++ } });
  const stream = newStream();
  const ids = await write(stream, 1);
  proxy.hang();
  const late = event(1);
  const appended = store.append(stream, 0n, [late]);
  const read = idsIn(newStream());
  await until('the client is replaced', () => replaced > 0);
  for (const { script } of seeds) script.leader = { host: '127.0.0.1', port: other.port };
  const answersAgain = performance.now();
  expect(await appended).toMatchObject({ revision: 1n });
  expect(await read).toEqual([]);
  expect(performance.now() - answersAgain).toBeLessThan(5_000);
  // What the hung one still held comes late, and changes nothing.
  proxy.pass();
  expect(await idsIn(stream)).toEqual([...ids, late.id]);
  await other.close();
  for (const seed of seeds) seed.close();
});

test('a node killed under writers and a reader: every event once and in order, for both', async () => {
  // To start a node may take long where much else goes on.
  store = new EventStoreDB(node.connectionString, { patience: { call: 120_000 } });
  const stream = newStream();
  const abort = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const delivery of store.subscribe([stream], 'start', abort.signal))
      if ('event' in delivery && seen.push(delivery.event.id) === 400) return;
  })();
  const writing = Promise.all(Array.from({ length: 4 }, (_, writer) => write(`${stream}-${writer}`, 100)));
  for (const mark of [50, 200]) {
    await until(`${mark} events are seen`, () => seen.length >= mark);
    await restart();
  }
  const written = await writing;
  for (const [writer, ids] of written.entries()) expect(await idsIn(`${stream}-${writer}`)).toEqual(ids);
  await following;
  expect([...seen].sort()).toEqual(written.flat().sort());
  for (const ids of written) expect(seen.filter((id) => ids.includes(id))).toEqual(ids);
});

test('subscriptions that begin while events are written, on a node that has just started, miss none', async () => {
  store = new EventStoreDB(node.connectionString);
  const stream = newStream();
  await restart();
  const following: Promise<string[]>[] = [];
  const follow = async (): Promise<string[]> => {
    const seen: string[] = [];
    for await (const delivery of store.subscribe([stream], 'start', new AbortController().signal))
      if ('event' in delivery && seen.push(delivery.event.id) === 240) break;
    return seen;
  };
  const writer = async (name: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < 60; n++) {
      if (n % 4 === 0) following.push(follow());
      ids.push(...(await write(`${stream}-${name}`, 1, n)));
    }
    return ids;
  };
  const written = await Promise.all(['a', 'b', 'c', 'd'].map(writer));
  for (const seen of await Promise.all(following)) expect([...seen].sort()).toEqual(written.flat().sort());
});

test('an answer lost with its connection: the retry is told what the first try did', async () => {
  store = new EventStoreDB(proxy.url);
  const stream = newStream();
  const ids = await write(stream, 1);
  for (let n = 1; n < 6; n++) {
    proxy.loseNextAnswer();
    ids.push(...(await write(stream, 1, n)));
  }
  expect(await idsIn(stream)).toEqual(ids);
});

test('a node that is slow is waited for; one that is too slow is asked again, and nothing is written twice', async () => {
  store = new EventStoreDB(proxy.url, { patience: { answer: 2_000, probe: 300 } });
  const stream = newStream();
  proxy.slow(100);
  const ids = await write(stream, 5);
  expect(proxy.connections).toBe(1);
  proxy.slow(3_000);
  const late = event(5);
  const appended = store.append(stream, 4n, [late]);
  await until('another connection is tried', () => proxy.connections > 1);
  proxy.pass();
  expect(await appended).toMatchObject({ revision: 5n });
  expect(await idsIn(stream)).toEqual([...ids, late.id]);
});

test('answers that come long after the client was thrown away harm nobody', async () => {
  store = new EventStoreDB(proxy.url, { patience: { answer: 500, probe: 200 } });
  const stream = newStream();
  const ids = await write(stream, 1);
  proxy.holdAnswers();
  const late = event(1);
  const appended = store.append(stream, 0n, [late]);
  await until('another connection is tried', () => proxy.connections > 1);
  proxy.pass();
  expect(await appended).toMatchObject({ revision: 1n });
  expect(await idsIn(stream)).toEqual([...ids, late.id]);
});

test.each(['drop', 'halfClose', 'deafen'] as const)(
  'connections that %s under readers: every event once',
  async (fault) => {
    store = new EventStoreDB(proxy.url, { patience: { answer: 1_000, probe: 300 } });
    const stream = newStream();
    const ids = await write(stream, 20);
    const abort = new AbortController();
    const seen: string[] = [];
    for await (const delivery of store.subscribe([stream], 'start', abort.signal)) {
      if (!('event' in delivery)) continue;
      seen.push(delivery.event.id);
      if (seen.length % 7 === 0) proxy[fault]();
      if (seen.length === 20) ids.push(...(await write(stream, 5, 20)));
      if (seen.length === 25) break;
    }
    expect(seen).toEqual(ids);
    expect(await idsIn(stream)).toEqual(ids);
  },
);
