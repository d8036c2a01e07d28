import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, type Lease } from './connection.js';
import { PATIENCE } from './options.js';
import { readConnectionString } from './settings.js';

/** Any client is old enough to be replaced. */
const ANY_AGE = { ...PATIENCE, answer: 0 };

let folder: string;
let caFile: string;
let connection: Connection;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taizhang-connection-'));
  caFile = join(folder, 'ca.crt');
  await writeFile(caFile, 'read only when somebody connects, which nobody does here');
  connection = new Connection(readConnectionString(`esdb://127.0.0.1:9?tlsCAFile=${caFile}`), ANY_AGE, undefined);
});

afterEach(async () => {
  await connection.close();
  await rm(folder, { recursive: true });
});

const lease = async (): Promise<Lease> => connection.lease();

function fail(client: Lease): void {
  for (let miss = 0; miss < 2; miss++) connection.failed(client, 'read', new Error('gone'));
}

test('calls that come while a client is replaced share the next one', async () => {
  const first = await lease();
  fail(first);
  const [second, third] = await Promise.all([lease(), lease()]);
  expect(first.lost.aborted).toBe(true);
  expect(second).not.toBe(first);
  expect(third).toBe(second);
  expect(connection.lease()).toBe(second);
});

test('a certificate file that is missing when a client is replaced fails each call until it is back', async () => {
  const first = await lease();
  await rm(caFile);
  fail(first);
  // Nobody waits for a client yet: whatever is rejected here is an unhandled rejection, which jest reports.
  await new Promise(setImmediate);
  for (let call = 0; call < 3; call++) {
    // A call that began on the old client may still fail on it.
    connection.failed(first, 'read', new Error('gone'));
    await expect(lease()).rejects.toMatchObject({
      name: 'EventStoreMisconfigured',
      message: expect.stringContaining(`certificate file ${caFile} is not there`),
    });
  }
  await writeFile(caFile, 'the new one');
  const [second, third] = await Promise.all([lease(), lease()]);
  expect(second.lost.aborted).toBe(false);
  expect(third).toBe(second);
});

test('a connection that is closed builds no client for those who still wait for one', async () => {
  fail(await lease());
  const waiting = lease();
  const closing = connection.close();
  await expect(waiting).rejects.toThrow('the connection was closed');
  await closing;
  await expect(lease()).rejects.toThrow('the connection was closed');
});

test('what the client warns of quotes no password', async () => {
  const warn = jest.spyOn(console, 'warn').mockReturnValue();
  const settings = readConnectionString('esdb://crm:secret@127.0.0.1:9?tls=false&tlsVerifyCert=false&color=blue');
  await new Connection(settings, ANY_AGE, undefined).close();
  const said = warn.mock.calls.flat().map(String);
  warn.mockRestore();
  expect(said).toEqual([
    expect.stringContaining('"tlsVerifyCert" is not currently supported'),
    expect.stringContaining('Unknown option key "color"'),
  ]);
  expect(said.join()).not.toContain('secret');
});
