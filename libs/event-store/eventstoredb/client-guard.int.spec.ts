import { status } from '@grpc/grpc-js';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { type ScriptedAppend, ScriptedServer, until } from '../../../test/faults/index.js';
import { guard } from './client-guard.js';

// Without its guard each of these ends the process, or waits for ever: jest reports what nobody caught as a failure.
jest.setTimeout(30_000);

let server: ScriptedServer;
let client: EventStoreDBClient;
let guarded: ReturnType<typeof guard>;

beforeEach(async () => {
  server = await ScriptedServer.start();
  [client, guarded] = guardedClient(server.url);
});

afterEach(async () => {
  await client.dispose();
  guarded.closeChannels();
  server.close();
});

function guardedClient(url: string): [EventStoreDBClient, ReturnType<typeof guard>] {
  const made = EventStoreDBClient.connectionString(url);
  return [made, guard(made)];
}

const append = (by = client, bytes = 0) =>
  by.appendToStream('s-1', jsonEvent({ type: 'Happened', data: { padding: 'x'.repeat(bytes) } }));

const arrived = (count: number, at = server) =>
  until(`${count} appends arrive`, () => at.appends.length >= count && at.appends.slice(0, count));

const last = (appends: readonly ScriptedAppend[]) => appends.at(-1)?.reply;

test('an acknowledgement that comes twice', async () => {
  server.script.append = ({ reply }) => {
    reply.written(0n);
    reply.written(0n);
  };
  expect(await append()).toMatchObject({ success: true });
  expect(await append()).toMatchObject({ success: true });
});

test('an answer without details', async () => {
  server.script.append = ({ reply }) => (server.appends.length === 1 ? reply.gibberish() : reply.written(1n));
  void append();
  await arrived(1);
  expect(await append()).toMatchObject({ success: true });
});

test('an answer to what another client of the process was told is lost', async () => {
  // The pending appends of all clients stand in one table, which is emptied when the stream of any of them breaks.
  const other = await ScriptedServer.start({ append: ({ reply }) => reply.break(status.UNAVAILABLE) });
  const [neighbour, itsGuard] = guardedClient(other.url);
  const mine = append();
  const answer = last(await arrived(1));
  await Promise.all([expect(mine).rejects.toThrow(), expect(append(neighbour)).rejects.toThrow()]);
  answer?.written(0n);
  server.script.append = ({ reply }) => reply.written(1n);
  expect(await append()).toMatchObject({ nextExpectedRevision: 1n });
  await neighbour.dispose();
  itsGuard.closeChannels();
  other.close();
});

test('a stream of appends that the server ends in good order', async () => {
  const hanging = append();
  last(await arrived(1))?.end();
  await expect(hanging).rejects.toThrow('ended the stream of appends');
  server.script.append = ({ reply }) => reply.written(0n);
  expect(await append()).toMatchObject({ success: true });
});

test('a stream of appends that breaks while many queue for it', async () => {
  const hanging = Array.from({ length: 50 }, () => append(client, 500_000));
  const outcomes = Promise.allSettled(hanging);
  last(await arrived(1))?.break(status.UNAVAILABLE);
  expect(new Set((await outcomes).map((outcome) => outcome.status))).toEqual(new Set(['rejected']));
});

test('discovery that fails while the error of an old connection is looked at', async () => {
  // Nobody gossips here, so every discovery fails.
  const [lost, itsGuard] = guardedClient(`esdb+discover://127.0.0.1:${server.port}?tls=false&maxDiscoverAttempts=1`);
  const handleError: unknown = Reflect.get(lost, 'handleError');
  const grpc = { getChannel: () => undefined };
  const read = lost.readAll({ maxCount: 1 }).on('error', () => undefined);
  if (typeof handleError !== 'function') throw new Error('the client has changed');
  const error = Object.assign(new Error('gone'), { code: status.UNAVAILABLE, metadata: undefined, details: '' });
  await Promise.resolve(Reflect.apply(handleError, lost, [grpc, error]));
  read.destroy();
  itsGuard.closeChannels();
});

test('a client whose inside is another one is refused', () => {
  Reflect.deleteProperty(client, 'handleError');
  expect(() => guard(client)).toThrow('has changed inside');
});
