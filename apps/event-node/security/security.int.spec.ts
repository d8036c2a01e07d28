import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AccessDeniedError, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningEventNode, startEventNode } from '#embedded';
import { EventStoreDB } from '#event-store';
import { type TestAuthority, testAuthority } from '../../../test/faults/index.js';
import { testDatabase } from '../../../test/stack/index.js';

const databaseUrl = await testDatabase();
const otherDatabaseUrl = await testDatabase();
const thirdDatabaseUrl = await testDatabase();
let authority: TestAuthority;
let userFile: string;
let node: RunningEventNode;
let address: string;

beforeAll(async () => {
  authority = await testAuthority();
  userFile = join(dirname(authority.caFile), 'user');
  await writeFile(userFile, 'crm:p@ss:word\n');
  node = await startEventNode({ databaseUrl, ...files() });
  address = new URL(node.connectionString.replace(/^esdb/, 'http')).host;
});

afterAll(async () => {
  await node.stop();
  await authority.remove();
});

const files = () => ({ tlsCertificate: authority.certificateFile, tlsKey: authority.keyFile, userFile });
const ROLE = 'crm:p%40ss%3Aword@';
const url = (user = ROLE, scheme = 'esdb') => `${scheme}://${user}${address}?tls=true&tlsCAFile=${authority.caFile}`;

test('it says where it is reached, and that it speaks TLS', () => {
  expect(node.connectionString).toBe(`esdb://${address}?tls=true`);
});

test.each(['esdb', 'esdb+discover'])('its user may do everything, by %s', async (scheme) => {
  const store = new EventStoreDB(url(ROLE, scheme));
  await store.check();
  const stream = `secured-${randomUUID()}`;
  await store.append(stream, 'no_stream', [{ id: randomUUID(), type: 'Happened', data: {}, metadata: {} }]);
  expect(await store.lastOf(stream)).toMatchObject({ revision: 0n });
  for await (const delivery of store.subscribe([stream], 'start', new AbortController().signal))
    if ('event' in delivery) break;
  await store.close();
});

describe('the start-up check tells apart', () => {
  test.each([
    ['a wrong password', () => url('crm:wrong@'), 'password'],
    ['a wrong name', () => url('cmr:p%40ss%3Aword@'), 'password'],
    ['no user', () => url(''), 'right'],
    ['an authority that is not known', () => `esdb://${ROLE}${address}?tls=true`, 'certificate'],
    ['no TLS', () => `esdb://${ROLE}${address}?tls=false`, 'store speaks TLS'],
  ])('%s', async (_, wrong, problem) => {
    const store = new EventStoreDB(wrong());
    await expect(store.check()).rejects.toMatchObject({ name: 'EventStoreMisconfigured', problem });
    await store.close();
  });
});

test('listening on every address, it is found by the name it is called by', async () => {
  const everywhere = await startEventNode({ databaseUrl: thirdDatabaseUrl, host: '0.0.0.0', ...files() });
  const port = /:(\d+)/.exec(everywhere.connectionString)?.[1] ?? '';
  const store = new EventStoreDB(`esdb+discover://${ROLE}localhost:${port}?tlsCAFile=${authority.caFile}`);
  await store.check();
  await store.close();
  await everywhere.stop();
});

test('an append says of a refusal what a real server says of it', async () => {
  const refusalOf = async (user: string): Promise<unknown> => {
    const client = EventStoreDBClient.connectionString(url(user));
    const refusal: unknown = await client
      .appendToStream('s-1', jsonEvent({ type: 'T', data: {} }))
      .catch((e: unknown) => e);
    await client.dispose();
    return refusal;
  };
  const anonymous = await refusalOf('');
  expect(anonymous).toBeInstanceOf(AccessDeniedError);
  expect(anonymous).toMatchObject({ message: '' });
  expect(await refusalOf('crm:wrong@')).toMatchObject({ code: 16 });
});

test('the second official client, in a process of its own', async () => {
  // It sends names and passwords as they stand in its connection string, percent signs and all.
  const plainFile = join(dirname(authority.caFile), 'plain-user');
  await writeFile(plainFile, 'crm:secret');
  const other = await startEventNode({ databaseUrl: otherDatabaseUrl, ...files(), userFile: plainFile });
  const program = `const { KurrentDBClient, jsonEvent } = require('@kurrent/kurrentdb-client');
    (async () => {
      const client = KurrentDBClient.connectionString(process.argv[1]);
      await client.appendToStream('kurrent-1', jsonEvent({ type: 'T', data: { n: 1 } }));
      for await (const { event } of client.readStream('kurrent-1')) console.log(event.type, event.data.n);
      await client.dispose();
    })();`;
  const host = new URL(other.connectionString.replace(/^esdb/, 'http')).host;
  const connection = `kurrentdb://crm:secret@${host}?tls=true&tlsCAFile=${authority.caFile}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program, connection]);
  expect(stdout).toContain('T 1');
  await other.stop();
});

test('plain HTTP: health is for everybody, figures are for the user', async () => {
  const statusOf = (path: string, auth?: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`https://${address}${path}`, { ca: authority.ca, auth }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        .end();
    });
  expect(await statusOf('/health/live')).toBe(204);
  expect(await statusOf('/stats')).toBe(401);
  expect(await statusOf('/stats', 'crm:wrong')).toBe(401);
  expect(await statusOf('/stats', 'crm:p@ss:word')).toBe(200);
});

describe('what would be neither safe nor plain does not start', () => {
  test.each([
    ['another address without TLS', () => ({ host: '0.0.0.0' }), /loopback only, not on 0\.0\.0\.0.*--tls-certificate/],
    ['TLS without a user', () => ({ ...files(), userFile: undefined }), /name all three/],
    ['a key of something else', () => ({ ...files(), tlsKey: authority.caFile }), /no certificate with its key/],
    ['a file that is not there', () => ({ ...files(), userFile: '/nowhere' }), /\/nowhere cannot be read/],
    ['a user without a password', () => ({ ...files(), userFile: authority.caFile }), /one line.*name:password/],
  ])('%s', async (_, options, message) => {
    const { userFile: user, ...others } = { userFile: undefined, ...options() };
    await expect(
      startEventNode({ databaseUrl, ...others, ...(user !== undefined && { userFile: user }) }),
    ).rejects.toThrow(message);
  });
});
