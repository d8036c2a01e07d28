import { status } from '@grpc/grpc-js';
import { ClientDuplexStreamImpl } from '@grpc/grpc-js/build/src/call.js';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type ScriptedAppend, ScriptedServer, until } from '../../../test/faults/index.js';
import { testStack } from '../../../test/stack/index.js';
import type { NewEvent } from '../event-store.js';
import { ConcurrentWrite } from '../failures.js';
import { Appends } from './appends.js';
import { guard } from './client-guard.js';

const stack = await testStack();

const opened: (() => Promise<void>)[] = [];

let server: ScriptedServer;
let appends: Appends;

beforeEach(async () => {
  server = await ScriptedServer.start();
  [appends] = appendsAt(server.url);
});

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  server.close();
});

/** The appends of a client of their own. */
function appendsAt(url: string): [Appends, EventStoreDBClient] {
  const client = EventStoreDBClient.connectionString(url);
  const { closeChannels } = guard(client);
  opened.push(() => client.dispose().then(closeChannels));
  return [new Appends(client), client];
}

const event = (padding = ''): NewEvent => ({ id: randomUUID(), type: 'Happened', data: { padding }, metadata: {} });

const append = (by = appends, events: readonly NewEvent[] = [event()]) =>
  by.append({ stream: 's-1', expected: 'no_stream', events, deadline: 120_000 });

const arrived = (count: number, at = server) =>
  until(`${count} appends arrive`, () => at.appends.length >= count && at.appends.slice(0, count));

const last = (all: readonly ScriptedAppend[]) => all.at(-1)?.reply;

test('an answer that comes twice, and one that cannot be read, harm nobody', async () => {
  server.script.append = ({ reply }) => {
    reply.written(0n);
    reply.written(0n);
  };
  await append();
  server.script.append = ({ reply }) => reply.gibberish();
  await expect(append()).rejects.toThrow('has not made an append');
  server.script.append = ({ reply }) => reply.written(1n);
  expect(await append()).toEqual({ revision: 1n, position: { commit: 100n, prepare: 100n } });
});

test('what breaks the stream of one client leaves the appends of another alone', async () => {
  const other = await ScriptedServer.start({ append: ({ reply }) => reply.break(status.UNAVAILABLE) });
  const [neighbour] = appendsAt(other.url);
  const mine = append();
  const answer = last(await arrived(1));
  await expect(append(neighbour)).rejects.toThrow('scripted UNAVAILABLE');
  answer?.written(7n);
  expect(await mine).toMatchObject({ revision: 7n });
  other.close();
});

test('a stream that the server ends in good order', async () => {
  const hanging = append();
  last(await arrived(1))?.end();
  await expect(hanging).rejects.toThrow('ended the stream of appends');
  server.script.append = ({ reply }) => reply.written(0n);
  await append();
});

test('a stream that breaks while many wait on it', async () => {
  const hanging = Array.from({ length: 50 }, () => append(appends, [event('x'.repeat(500_000))]));
  const outcomes = Promise.allSettled(hanging);
  last(await arrived(1))?.break(status.UNAVAILABLE);
  expect(new Set((await outcomes).map((outcome) => outcome.status))).toEqual(new Set(['rejected']));
});

test('once the server has answered, what is appended in one tick leaves by the short way, at once', async () => {
  server.script.append = ({ reply }) => reply.written(0n);
  await append();
  const long = jest.spyOn(ClientDuplexStreamImpl.prototype, 'write');
  await Promise.all(Array.from({ length: 20 }, () => append()));
  expect(long).not.toHaveBeenCalled();
  expect(server.appends).toHaveLength(21);
  long.mockRestore();
});

test('a large append travels in parts, and arrives in one piece', async () => {
  server.script.append = ({ reply }) => reply.written(4n);
  const events = Array.from({ length: 5 }, (_, n) => event(String(n).repeat(400_000)));
  await append(appends, events);
  await append(appends, events);
  for (const { events: came } of server.appends) {
    expect(came.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(came.map(({ data }) => data)).toEqual(events.map(({ data }) => JSON.stringify(data)));
  }
});

test('a server without such a stream is appended to call by call', async () => {
  const [byCalls, client] = appendsAt(stack.eventStoreUrl);
  Reflect.set(client, 'supports', () => Promise.resolve(false));
  const stream = `${stack.namespace}-${randomUUID()}`;
  const request = { stream, expected: 'no_stream', events: [event()], deadline: 120_000 } as const;
  expect(await byCalls.append(request)).toMatchObject({ revision: 0n });
  await expect(byCalls.append({ ...request, events: [event()] })).rejects.toThrow(ConcurrentWrite);
});
