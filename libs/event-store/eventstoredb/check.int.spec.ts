import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lastingPort } from '#embedded';
import { type Script, ScriptedServer, type TestAuthority, testAuthority, until } from '../../../test/faults/index.js';
import type { StoreProblem } from '../failures.js';
import { EventStoreUnavailable } from '../failures.js';
import { EventStoreDB } from './eventstoredb.js';

const PATIENCE = { answer: 60_000, probe: 60_000, call: 120_000, firstPause: 1, longestPause: 10 };

let authority: TestAuthority;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  authority = await testAuthority();
});

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

afterAll(() => authority.remove());

async function serve(read: Script['read'], isSecured = true): Promise<ScriptedServer> {
  const server = await ScriptedServer.start({ ...(read && { read }) }, isSecured ? authority : undefined);
  opened.push(server);
  return server;
}

function open(url: string, patience: Partial<typeof PATIENCE> = {}): EventStoreDB {
  const store = new EventStoreDB(url, { patience: { ...PATIENCE, ...patience } });
  opened.push(store);
  return store;
}

const check = (url: string, patience?: Partial<typeof PATIENCE>): Promise<void> => open(url, patience).check();

const secured = ({ port }: ScriptedServer) => `esdb://crm:secret@127.0.0.1:${port}?tlsCAFile=${authority.caFile}`;
const works: Script['read'] = (read) => read.event({ stream: 's-1', revision: 0n, position: 1n }).end();

/** The problem is told with a remedy, at once and without a secret. */
async function expectProblem(checked: Promise<void>, problem: StoreProblem, remedy: string | RegExp): Promise<void> {
  const failure: unknown = await checked.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ name: 'EventStoreMisconfigured', problem, message: expect.stringMatching(remedy) });
  expect(String(failure)).not.toContain('secret');
}

test('a store that can be read passes, secured or not, empty or not', async () => {
  await check(secured(await serve(works)));
  const plain = await serve((read) => read.end(), false);
  await check(plain.url);
  expect(plain.reads).toHaveLength(1);
  expect(plain.appends).toEqual([]);
});

test.each([
  [status.UNAUTHENTICATED, 'password', 'correct them'],
  [status.PERMISSION_DENIED, 'right', 'operating-a-secured-cluster'],
] as const)('code %s is told apart, and asked once', async (code, problem, remedy) => {
  const server = await serve((read) =>
    read.fail(code, code === status.PERMISSION_DENIED ? { exception: 'access-denied' } : {}),
  );
  await expectProblem(check(secured(server)), problem, remedy);
  expect(server.reads).toHaveLength(1);
});

test('a certificate that cannot be verified', async () => {
  const server = await serve(works);
  await expectProblem(check(`esdb://127.0.0.1:${server.port}`), 'certificate', /tlsCAFile=.*NODE_EXTRA_CA_CERTS/);
});

test('TLS spoken to a store without', async () => {
  const server = await serve(works, false);
  await expectProblem(check(`esdb://127.0.0.1:${server.port}`), 'store speaks no TLS', 'add tls=false');
});

test('no TLS spoken to a store with it', async () => {
  const server = await serve(works);
  await expectProblem(check(`esdb://127.0.0.1:${server.port}?tls=false`), 'store speaks TLS', 'remove tls=false');
});

test('nobody there', async () => {
  const port = await lastingPort();
  await expectProblem(check(`esdb://127.0.0.1:${port}?tls=false`), 'nobody listens', `127.0.0.1:${port}`);
});

test('an authority whose file is not there', () => {
  expect(() => new EventStoreDB('esdb://a?tlsCAFile=/nowhere/ca.crt')).toThrow(
    /EVENTSTORE_URL.*certificate file \/nowhere\/ca.crt/,
  );
});

test.each([
  ['is gone by now', (file: string) => rm(file)],
  ['is no file any more', (file: string) => rm(file).then(() => mkdir(file))],
])('an authority whose file %s', async (_, lose) => {
  const caFile = join(dirname(authority.caFile), randomUUID());
  await copyFile(authority.caFile, caFile);
  const store = open(`esdb://crm:secret@127.0.0.1:${await lastingPort()}?tlsCAFile=${caFile}`, { call: 0 });
  await lose(caFile);
  await expectProblem(store.check(), 'certificate', `${caFile} is not there or cannot be read: put it back`);
});

test('a store that is not ready yet is waited for', async () => {
  const server = await serve(undefined, false);
  server.script.read = (read) => {
    if (server.reads.length > 2) read.end();
    else read.fail(status.UNKNOWN);
  };
  await check(server.url);
});

test('a store that never answers is given up', async () => {
  const server = await serve(() => undefined, false);
  const checked = check(server.url, { answer: 200, call: 300 });
  await expect(checked).rejects.toThrow(EventStoreUnavailable);
  await until('it was asked', () => server.reads.length > 0);
});
