import { connect, createServer, type Server } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { CannotStart, lastingPort } from '#embedded';
import { testStack } from '../../test/stack/index.js';
import { reachStores } from './stores-at-start.js';

const stack = await testStack();
const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

/** Stands before another server; it listens from `open` on. */
async function door(url: string) {
  const { hostname, port } = new URL(url.replace('esdb', 'http'));
  const server = createServer((socket) => {
    const behind = connect(Number(port), hostname);
    socket.pipe(behind).pipe(socket);
    for (const end of [socket, behind]) end.on('error', () => [socket, behind].map((one) => one.destroy()));
  });
  servers.push(server);
  const at = await lastingPort();
  return { url: url.replace(`${hostname}:${port}`, `127.0.0.1:${at}`), open: () => server.listen(at, '127.0.0.1') };
}

test('stores that start later than the server are waited for, and that is said once for each', async () => {
  const [eventStore, database] = [await door(stack.eventStoreUrl), await door(stack.databaseUrl)];
  const told: string[] = [];
  await reachStores({ eventStoreUrl: eventStore.url, databaseUrl: database.url }, (message) => {
    told.push(message);
    (told.length === 1 ? eventStore : database).open();
  });
  expect(told).toEqual([
    expect.stringMatching(/^Nobody listens at .*: start the event store, .* waits/),
    expect.stringMatching(/^Postgres at .* does not answer .*: start it, .* waits/),
  ]);
});

const url = (change: (parts: URL) => void): string => {
  const parts = new URL(stack.databaseUrl);
  change(parts);
  return parts.toString();
};

test.each([
  ['a store that does not come', { eventStoreUrl: 'esdb://127.0.0.1:1?tls=false' }, 0, /start the event store/],
  ['a database that does not come', { databaseUrl: 'postgres://u:secret@127.0.0.1:1/d' }, 0, /Postgres at .* start it/],
  ['a database that is not there', { databaseUrl: url((parts) => (parts.pathname = '/nowhere')) }, 30_000, /create it/],
  ['a store that speaks no TLS', { eventStoreUrl: stack.eventStoreUrl.replace('?tls=false', '') }, 30_000, /tls=false/],
])('%s ends the start, with the remedy', async (_, wrong, startingMs, remedy) => {
  const told: string[] = [];
  const failure: unknown = await reachStores({ ...stack, ...wrong }, (message) => told.push(message), startingMs).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CannotStart);
  expect(String(failure)).toMatch(remedy);
  expect(String(failure)).not.toMatch('secret');
  expect(told).toEqual([]);
});
