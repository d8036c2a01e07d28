import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ScriptedRead, ScriptedServer, until } from '../../../test/faults/index.js';
import type { StoredEvent } from '../event-store.js';
import { EventStoreMisconfigured, EventStoreUnavailable, StreamDeleted } from '../failures.js';
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

/** Reads out these revisions, and leaves it to the test how it goes on. */
const tell = (read: ScriptedRead, ...revisions: readonly number[]): ScriptedRead =>
  revisions.reduce(
    (call, revision) => call.event({ stream: 's-1', revision: BigInt(revision), position: BigInt(revision * 10) }),
    read,
  );

/** Answers the n-th read of the stream in the n-th way, and probes of the whole log always. */
function answering(...answers: readonly ((read: ScriptedRead) => void)[]): void {
  let count = 0;
  server.script.read = (read) => {
    if (read.stream === undefined) read.event({ stream: 'x', revision: 0n, position: 1n }).end();
    else answers[count++]?.(read);
  };
}

async function revisionsOf(events: AsyncIterable<StoredEvent>): Promise<number[]> {
  const revisions: number[] = [];
  for await (const { revision } of events) revisions.push(Number(revision));
  return revisions;
}

const asked = () => server.reads.filter(({ stream }) => stream !== undefined).map(({ revision }) => revision);

test.each([
  ['hangs', () => undefined],
  ['breaks', (read) => read.fail(status.UNAVAILABLE)],
  ['stops', (read) => read.fail(status.INTERNAL)],
  ['is not ready', (read) => read.fail(status.UNKNOWN)],
] satisfies [string, (read: ScriptedRead) => void][])(
  'a read goes on where a server left it that %s',
  async (_, fault) => {
    await losesPatience();
    let reads = 0;
    server.script.read = (read) => {
      const from = Number(read.revision ?? 0);
      if (from >= 4) tell(read, 4).end();
      else fault(reads++ % 2 === 0 ? tell(read, from, from + 1) : read);
    };
    expect(await revisionsOf(store.readStream('s-1'))).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(asked())).toEqual(new Set([0n, 2n, 4n]));
  },
);

test('a read under way when its client is thrown away goes on with the next one', async () => {
  // The client ends such a read in good order, as if there were no more. Here a hanging append costs the client its life.
  server.script.read = (read) => {
    if (read.stream === undefined) return;
    const from = Number(read.revision ?? 0);
    tell(read, from, from + 1);
    if (server.appends.length > 0) tell(read, from + 2).end();
  };
  await losesPatience({ ...IMPATIENT, answer: 2_000, probe: 100 });
  const events = store.readStream('s-1')[Symbol.asyncIterator]();
  await events.next();
  await events.next();
  const append = store.append('s-2', 'no_stream', [
    { id: '00000000-0000-4000-8000-000000000001', type: 'Happened', data: {}, metadata: {} },
  ]);
  append.catch(() => undefined);
  await until('the client is probed', () => server.reads.some(({ stream }) => stream === undefined));
  expect(await events.next()).toMatchObject({ value: { revision: 2n } });
  expect(asked()).toEqual([0n, 2n]);
});

test('a read under way when the store is closed is not taken for a whole one', async () => {
  answering((read) => tell(read, 0, 1));
  const events = store.readStream('s-1')[Symbol.asyncIterator]();
  await events.next();
  await events.next();
  await Promise.all([expect(events.next()).rejects.toThrow(EventStoreUnavailable), store.close()]);
});

test('a slow reader is not taken for a silent server', async () => {
  await losesPatience();
  answering((read) => tell(read, 0, 1));
  // The first call of a client takes longest, and this one is not to take too long.
  await store.check();
  const events = store.readStream('s-1')[Symbol.asyncIterator]();
  await events.next();
  // Not a wait for anything: this reader is busy for longer than a server may be.
  await new Promise((resolve) => setTimeout(resolve, 2 * IMPATIENT.answer));
  tell(server.reads.at(-1) ?? never(), 2).end();
  expect(await events.next()).toMatchObject({ value: { revision: 1n } });
  expect(await events.next()).toMatchObject({ value: { revision: 2n } });
  expect(asked()).toEqual([0n]);
});

test('leaving early calls the read off', async () => {
  answering((read) => tell(read, 0, 1, 2));
  for await (const _ of store.readStream('s-1')) break;
  await until('the server learns of it', () => server.reads[0]?.cancelled);
});

test('a stream that is not there has no events', async () => {
  server.script.read = (read) => read.notFound();
  expect(await revisionsOf(store.readStream('s-1'))).toEqual([]);
  expect(await store.lastOf('s-1')).toBeUndefined();
});

test('the last event is asked for from the end', async () => {
  answering((read) => tell(read, 7).end());
  expect(await store.lastOf('s-1')).toMatchObject({ revision: 7n });
  expect(server.reads[0]).toMatchObject({ isBackwards: true });
});

test('what was deleted, and what is denied, is told once', async () => {
  answering(
    (read) => read.fail(status.FAILED_PRECONDITION, { exception: 'stream-deleted', 'stream-name': 's-1' }),
    (read) => read.fail(status.PERMISSION_DENIED, { exception: 'access-denied' }),
  );
  await expect(revisionsOf(store.readStream('s-1'))).rejects.toThrow(new StreamDeleted('s-1'));
  await expect(revisionsOf(store.readStream('s-1'))).rejects.toThrow(EventStoreMisconfigured);
  expect(asked()).toHaveLength(2);
});

test('no answer at all is the end of patience some day', async () => {
  await losesPatience({ ...IMPATIENT, call: 600 });
  await expect(store.lastOf('s-1')).rejects.toThrow(EventStoreUnavailable);
});

const never = () => {
  throw new Error('there is no read');
};
