import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { notLeader, type ScriptedAppend, ScriptedServer, testAuthority, until } from '../../../test/faults/index.js';
import type { NewEvent } from '../event-store.js';
import {
  AppendRefused,
  ConcurrentWrite,
  EventStoreMisconfigured,
  EventStoreUnavailable,
  StreamDeleted,
  UnstorableEvent,
} from '../failures.js';
import { EventStoreDB } from './eventstoredb.js';

/** A busy machine has all the time it needs, but where an answer is withheld: there somebody has to lose patience. */
const PATIENT = { answer: 60_000, probe: 60_000, call: 120_000, firstPause: 1, longestPause: 10 };
const IMPATIENT = { ...PATIENT, answer: 500, probe: 500 };

let server: ScriptedServer;
let store: EventStoreDB;

beforeEach(async () => {
  server = await ScriptedServer.start();
  store = new EventStoreDB(server.url, { patience: PATIENT });
});

async function losesPatience(patience = IMPATIENT): Promise<void> {
  await store.close();
  store = new EventStoreDB(server.url, { patience });
}

afterEach(async () => {
  await store.close();
  server.close();
});

const event = (n = 1): NewEvent => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  type: 'Happened',
  data: { n },
  metadata: { at: 'noon' },
});

/** Answers the first appends one way each, and acknowledges every later one. */
function answering(...first: readonly ((append: ScriptedAppend) => void)[]): void {
  let count = 0;
  server.script.append = (append) => {
    const answer = first[count++];
    if (answer) answer(append);
    else append.reply.written(0n);
  };
}

const silence = () => undefined;

/** What the server must have seen, at least so often: the same ids at the same revision. A busy machine may need more. */
function expectTries(atLeast: number): void {
  expect(server.appends.length).toBeGreaterThanOrEqual(atLeast);
  for (const { stream, expected, events } of server.appends)
    expect([stream, expected, events.map(({ id }) => id)]).toEqual(['s-1', 'no_stream', [event().id]]);
}

test.each([
  ['no_stream', 'no_stream'],
  [0n, 0n],
  [41n, 41n],
] as const)('the expected revision %s travels as it was given', async (expected, onTheWire) => {
  answering();
  await store.append('s-1', expected, [event()]);
  expect(new Set(server.appends.map((append) => append.expected))).toEqual(new Set([onTheWire]));
});

describe('an outcome that is unknown is found out with the same ids at the same revision', () => {
  test.each([
    ['no answer', silence],
    ['an answer that cannot be read', ({ reply }) => reply.gibberish()],
    ['the stream of appends ended in good order', ({ reply }) => reply.end()],
    ['the stream of appends broken', ({ reply }) => reply.break(status.UNAVAILABLE)],
    ['the server stopping', ({ reply }) => reply.break(status.INTERNAL)],
    ['a repeat that the server drops while the first is under way', ({ reply }) => reply.timedOut()],
    ['a node that does not know its leader', ({ reply }) => reply.break(status.NOT_FOUND, { exception: 'not-leader' })],
    ['a server that is not ready', ({ reply }) => reply.notReady()],
  ] satisfies [string, (append: ScriptedAppend) => void][])('after %s', async (_, answer) => {
    await losesPatience();
    answering(answer);
    const appended = await store.append('s-1', 'no_stream', [event()]);
    expect(appended).toEqual({ revision: 0n, position: { commit: 0n, prepare: 0n } });
    expectTries(2);
  });

  test('after many of them', async () => {
    await losesPatience();
    answering(
      silence,
      ({ reply }) => reply.timedOut(),
      ({ reply }) => reply.end(),
      silence,
      silence,
    );
    await store.append('s-1', 'no_stream', [event()]);
    expectTries(6);
  });

  test('but not for ever', async () => {
    await losesPatience({ ...IMPATIENT, call: 600 });
    await expect(store.append('s-1', 'no_stream', [event()])).rejects.toThrow(EventStoreUnavailable);
    expect(server.appends.length).toBeGreaterThan(1);
  });
});

test('hundreds of appends at once on a fresh connection are all answered', async () => {
  answering();
  const many = Array.from({ length: 300 }, (_, n) => store.append(`s-${n}`, 'no_stream', [event(n)]));
  expect(await Promise.all(many)).toHaveLength(300);
});

test('a user in the connection string does not leave the one stream of appends', async () => {
  // Credentials in a call would: the client then falls back to a call for each append.
  const authority = await testAuthority();
  const secured = await ScriptedServer.start({ append: ({ reply }) => reply.written(0n) }, authority);
  const other = new EventStoreDB(`esdb://crm:secret@127.0.0.1:${secured.port}?tlsCAFile=${authority.caFile}`);
  await other.append('s-1', 'no_stream', [event()]);
  expect(secured.appends).toHaveLength(1);
  await other.close();
  secured.close();
  await authority.remove();
});

test('a conflict that a retry meets is told as what it is', async () => {
  await losesPatience();
  server.script.append = ({ reply }) => {
    if (server.appends.length > 1) reply.wrongExpectedVersion(7n);
  };
  await expect(store.append('s-1', 'no_stream', [event()])).rejects.toEqual(
    new ConcurrentWrite('s-1', 'no_stream', '7'),
  );
});

test('the leader is followed to where it is', async () => {
  const leader = await ScriptedServer.start({ append: ({ reply }) => reply.written(3n) });
  answering(({ reply }) => reply.break(status.NOT_FOUND, notLeader('127.0.0.1', leader.port)));
  expect(await store.append('s-1', 2n, [event()])).toMatchObject({ revision: 3n });
  expect(leader.appends).not.toEqual([]);
  await store.close();
  leader.close();
});

test('what was deleted, is denied, or is malformed is not asked for again', async () => {
  answering(
    ({ reply }) => reply.deleted(),
    ({ reply }) => reply.denied(),
    ({ reply }) => reply.malformed('no event type'),
  );
  await expect(store.append('s-1', 'no_stream', [event()])).rejects.toThrow(new StreamDeleted('s-1'));
  await expect(store.append('s-1', 'no_stream', [event()])).rejects.toThrow(EventStoreMisconfigured);
  await expect(store.append('s-1', 'no_stream', [event()])).rejects.toThrow(new AppendRefused('s-1', 'no event type'));
  expectTries(3);
});

test('an append acknowledged without a place lies where its event lies', async () => {
  answering(({ reply }) => reply.written(0n, 'nowhere'));
  server.script.read = (read) => read.event({ stream: 's-1', revision: 0n, position: 500n }).end();
  const { position } = await store.append('s-1', 'no_stream', [event()]);
  expect(position).toEqual({ commit: 500n, prepare: 500n });
});

test('an append acknowledged without a place, whose event is gone, was deleted since', async () => {
  answering(({ reply }) => reply.written(0n, 'nowhere'));
  server.script.read = (read) => read.notFound();
  await expect(store.append('s-1', 'no_stream', [event()])).rejects.toThrow(new StreamDeleted('s-1'));
});

test('what the client would choke on never reaches it', async () => {
  await expect(store.append('s-1', 0n, [{ ...event(), data: { amount: 1n } }])).rejects.toThrow(UnstorableEvent);
  expect(server.appends).toEqual([]);
});

test('appends under way when the store is closed have an unknown outcome', async () => {
  const appended = store.append('s-1', 0n, [event()]);
  await until('the append arrives', () => server.appends.length > 0);
  await Promise.all([expect(appended).rejects.toThrow(EventStoreUnavailable), store.close()]);
  await expect(store.append('s-1', 0n, [event()])).rejects.toThrow(EventStoreUnavailable);
});
