import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import {
  type Certificate,
  FaultProxy,
  type Script,
  ScriptedServer,
  testAuthority,
  until,
} from '../../../test/faults/index.js';
import type { NewEvent } from '../event-store.js';
import { EventStoreDB } from './eventstoredb.js';

const IMPATIENT = { answer: 1_000, probe: 300, call: 120_000, firstPause: 1, longestPause: 20 };
/** Where nothing is withheld, a busy machine has all the time it needs. */
const PATIENT = { ...IMPATIENT, answer: 60_000, probe: 60_000 };

const event = (): NewEvent => ({ id: randomUUID(), type: 'Happened', data: {}, metadata: {} });
const opened: { close(): unknown }[] = [];
const warnings: string[] = [];

let server: ScriptedServer;

beforeEach(async () => {
  server = await scripted();
  warnings.length = 0;
});

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function scripted(certificate?: Certificate): Promise<ScriptedServer> {
  const script: Script = {
    append: ({ reply }) => reply.written(0n),
    read: (read) => (read.isSubscription ? read.confirm().caughtUp() : read.end()),
  };
  const made = await ScriptedServer.start(script, certificate);
  opened.push(made);
  return made;
}

function open(url: string, patience = IMPATIENT): EventStoreDB {
  const store = new EventStoreDB(url, { patience, log: { warn: (text) => warnings.push(text) } });
  opened.push(store);
  return store;
}

async function proxied(): Promise<FaultProxy> {
  const proxy = await FaultProxy.before(server.url);
  opened.push(proxy);
  return proxy;
}

test('a connection that has gone deaf is left for a new one, and closed', async () => {
  const proxy = await proxied();
  const store = open(proxy.url);
  await store.append('s-1', 'no_stream', [event()]);
  proxy.deafen();
  await Promise.all(Array.from({ length: 20 }, (_, n) => store.append(`s-${n}`, 0n, [event()])));
  expect(warnings.some((text) => text.includes('client is replaced'))).toBe(true);
  await until('the deaf connection is closed', () => proxy.open === 1);
});

test('a way for appends that has died is left though reads go on well', async () => {
  const store = open(server.url);
  await store.append('s-1', 'no_stream', [event()]);
  let mute = true;
  server.script.append = ({ reply }) => {
    if (!mute) reply.written(1n);
  };
  const appended = store.append('s-1', 0n, [event()]);
  await until('its first try has failed while reads are answered', async () => {
    await store.lastOf('s-1');
    return warnings.length > 0;
  });
  mute = false;
  expect(await appended).toMatchObject({ revision: 1n });
});

test('conflicts and other definite answers cost no client its life', async () => {
  server.script.append = ({ reply }) => reply.wrongExpectedVersion(3n);
  const store = open(server.url, PATIENT);
  for (let n = 0; n < 5; n++) await expect(store.append('s-1', 0n, [event()])).rejects.toThrow('is at 3');
  expect(warnings).toEqual([]);
});

test('features that could not be asked for are asked for again', async () => {
  // The client remembers the first failure for ever.
  let asked = 0;
  server.script.features = () => {
    if (++asked <= 2) throw new Error('not now');
  };
  await open(server.url).append('s-1', 'no_stream', [event()]);
  expect(asked).toBeGreaterThan(2);
});

test('a leader that hangs is left for the one that another seed names, with the same ids', async () => {
  const next = await scripted();
  const hung = await proxied();
  const leader = { host: '127.0.0.1', port: hung.port };
  server.script.leader = leader;
  next.script.leader = leader;
  const store = open(`esdb://127.0.0.1:${hung.port},127.0.0.1:${next.port}?tls=false`);
  await store.append('s-1', 'no_stream', [event()]);
  hung.hang();
  const late = event();
  const appended = store.append('s-1', 0n, [late]);
  await until('the hung leader is noticed', () => warnings.length > 0);
  next.script.leader = { host: '127.0.0.1', port: next.port };
  await appended;
  expect(next.appends).not.toEqual([]);
  for (const { stream, expected, events } of next.appends)
    expect([stream, expected, events[0]?.id]).toEqual(['s-1', 0n, late.id]);
});

test('a certificate file that is gone when a client is replaced fails the calls, and they work again once it is back', async () => {
  const authority = await testAuthority();
  opened.push({ close: () => authority.remove() });
  const secured = await scripted(authority);
  const store = open(`esdb://127.0.0.1:${secured.port}?tlsCAFile=${authority.caFile}`);
  await store.append('s-1', 'no_stream', [event()]);
  await rm(authority.caFile);
  const { append, read } = secured.script;
  secured.script.append = secured.script.read = () => undefined;
  const misconfigured = { name: 'EventStoreMisconfigured', message: expect.stringContaining(authority.caFile) };
  await expect(store.append('s-1', 0n, [event()])).rejects.toMatchObject(misconfigured);
  Object.assign(secured.script, { append, read });
  await expect(store.lastOf('s-1')).rejects.toMatchObject(misconfigured);
  await writeFile(authority.caFile, authority.ca);
  expect(await store.append('s-1', 0n, [event()])).toMatchObject({ revision: 0n });
  await store.check();
});

test('a subscription moves to the new client and loses nothing', async () => {
  const proxy = await proxied();
  const store = open(proxy.url);
  server.script.read = (read) => {
    if (!read.isSubscription) return read.end();
    const from = Number(read.position ?? 0n);
    read.confirm().event({ stream: 's-1', revision: 0n, position: BigInt(from + 1) });
  };
  const abort = new AbortController();
  const places: bigint[] = [];
  for await (const delivery of store.subscribe(['s-'], 'start', abort.signal)) {
    if (!('event' in delivery)) continue;
    places.push(delivery.event.position.commit);
    if (places.length === 3) break;
    proxy.deafen();
    // Somebody's call finds out that nothing is heard any more.
    store.append('s-2', 'no_stream', [event()]).catch(() => undefined);
  }
  expect(places).toEqual([1n, 2n, 3n]);
});
