import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ScriptedRead, ScriptedServer, until } from '../../../test/faults/index.js';
import type { StoreDelivery } from '../event-store.js';
import { EventStoreMisconfigured } from '../failures.js';
import { EventStoreDB } from './eventstoredb.js';

const QUICK = { call: 120_000, firstPause: 1, longestPause: 10, silence: 50 };
/** A busy machine has all the time it needs, but where an answer is withheld: there somebody has to lose patience. */
const PATIENT = { ...QUICK, answer: 60_000, probe: 60_000 };
const IMPATIENT = { ...QUICK, answer: 1_000, probe: 500 };

let server: ScriptedServer;
let store: EventStoreDB;
let abort: AbortController;

beforeEach(async () => {
  server = await ScriptedServer.start();
  store = new EventStoreDB(server.url, { patience: PATIENT });
  abort = new AbortController();
});

afterEach(async () => {
  abort.abort();
  await store.close();
  server.close();
});

const event = (place: number) => ({ stream: 's-1', revision: BigInt(place), position: BigInt(place) });
const tell = (read: ScriptedRead, ...places: readonly number[]) =>
  places.reduce((call, place) => call.event(event(place)), read);

/** Serves the n-th subscription in the n-th way; reads of the whole log find `head`. */
function serving(...ways: readonly ((read: ScriptedRead) => void)[]): { head: number } {
  const log = { head: 0 };
  let count = 0;
  server.script.read = (read) => {
    if (read.isSubscription) ways[count++]?.(read);
    else tell(read, ...(log.head > 0 ? [log.head] : [])).end();
  };
  return log;
}

const subscribe = () => store.subscribe(['s-'], 'start', abort.signal);
const subscriptions = () => server.reads.filter(({ isSubscription }) => isSubscription);

const short = (delivery: StoreDelivery): string =>
  'event' in delivery
    ? String(delivery.event.position.commit)
    : 'checkpoint' in delivery
      ? `checkpoint ${delivery.checkpoint.commit}`
      : 'caught up';

/** The deliveries up to the event at a place. */
async function deliveriesTo(place: number, from: AsyncIterable<StoreDelivery> = subscribe()): Promise<string[]> {
  const seen: string[] = [];
  for await (const delivery of from) {
    seen.push(short(delivery));
    if (seen.at(-1) === String(place)) break;
  }
  return seen;
}

test.each([
  ['an error', (read) => read.fail(status.UNAVAILABLE)],
  ['the server stopping', (read) => read.fail(status.INTERNAL)],
  ['an end in good order', (read) => read.end()],
  ['being too slow', (read) => read.fail(status.ABORTED)],
] satisfies [string, (read: ScriptedRead) => void][])('a subscription goes on after %s', async (_, end) => {
  serving(
    (read) => end(tell(read.confirm(), 1, 2).caughtUp()),
    (read) => end(read.confirm()),
    (read) => end(tell(read.confirm().caughtUp(), 3).checkpoint(30n)),
    (read) => end(read),
    (read) => tell(read.confirm(), 40).caughtUp(),
  );
  const seen = await deliveriesTo(40);
  expect(seen.filter((delivery) => delivery !== 'caught up')).toEqual(['1', '2', '3', 'checkpoint 30', '40']);
  expect(subscriptions().map(({ position }) => position)).toEqual([undefined, 2n, 2n, 30n, 30n]);
});

test('it may fall behind and catch up any number of times, as on a KurrentDB', async () => {
  serving((read) => {
    tell(read.confirm().caughtUp(), 1).fellBehind();
    tell(tell(read, 2).caughtUp().caughtUp(), 3);
  });
  expect(await deliveriesTo(3)).toEqual(['caught up', '1', '2', 'caught up', 'caught up', '3']);
  expect(subscriptions()).toHaveLength(1);
});

test('a checkpoint is resumed from as it was given, with the filter it was given for', async () => {
  serving(
    (read) => read.confirm().checkpoint(30n, 0n).end(),
    (read) => tell(read.confirm(), 31),
  );
  await deliveriesTo(31);
  expect(subscriptions().map(({ position, prepare }) => [position, prepare])).toEqual([
    [undefined, undefined],
    [30n, 0n],
  ]);
  expect(subscriptions().map(({ prefixes }) => prefixes)).toEqual([['s-'], ['s-']]);
});

test('a subscription that is never confirmed is begun anew', async () => {
  await store.close();
  store = new EventStoreDB(server.url, { patience: IMPATIENT });
  serving(
    () => undefined,
    (read) => tell(read.confirm(), 1),
  );
  expect(await deliveriesTo(1)).toEqual(['1']);
});

test('a subscription that dies without a word is noticed when the log moves on', async () => {
  const log = serving(
    (read) => tell(read.confirm(), 1).caughtUp(),
    (read) => tell(read.confirm(), 2),
  );
  log.head = 2;
  expect(await deliveriesTo(2)).toEqual(['1', 'caught up', '2']);
});

test('a server that needs long to find the first event is given ever more time', async () => {
  const longest = 400;
  const late: NodeJS.Timeout[] = [];
  const find = (read: ScriptedRead) => {
    read.confirm();
    late.push(setTimeout(() => read.cancelled || tell(read, 1), longest));
  };
  serving(...Array.from({ length: 20 }, () => find)).head = 1;
  expect(await deliveriesTo(1)).toEqual(['1']);
  late.forEach(clearTimeout);
});

test('a subscription that has nothing to deliver is left alone', async () => {
  serving((read) => tell(read.confirm(), 1).caughtUp()).head = 1;
  const looks = () => server.reads.length - subscriptions().length;
  const seen = deliveriesTo(2);
  await until('the log was looked at a few times', () => looks() > 3);
  expect(subscriptions()).toHaveLength(1);
  tell(subscriptions()[0] ?? never(), 2);
  expect(await seen).toEqual(['1', 'caught up', '2']);
});

test('events of others are not missed by a subscription that does not want them', async () => {
  const log = serving((read) => tell(read.confirm(), 1).caughtUp());
  server.script.read = ((answer) => (read: ScriptedRead) => {
    if (read.isSubscription) answer?.(read);
    else read.event({ stream: 'other-1', revision: 0n, position: 9n }).event(event(1)).end();
  })(server.script.read);
  expect(log.head).toBe(0);
  const seen = deliveriesTo(2);
  await until('the log was looked at a few times', () => server.reads.length > 4);
  expect(subscriptions()).toHaveLength(1);
  tell(subscriptions()[0] ?? never(), 2);
  await seen;
});

test('a node that lags behind the one before does not deliver anything twice', async () => {
  serving(
    (read) => tell(read.confirm(), 1, 2, 3).end(),
    (read) => tell(read.confirm().checkpoint(2n), 2, 3, 4),
  );
  expect(await deliveriesTo(4)).toEqual(['1', '2', '3', '4']);
});

test('checkpoints and events stay in order for a reader that stops again and again', async () => {
  const expected: string[] = [];
  serving((read) => {
    read.confirm();
    for (let place = 1; place <= 800; place++) {
      tell(read, place * 10);
      expected.push(String(place * 10));
      if (place % 7 === 0) {
        read.checkpoint(BigInt(place * 10 + 5));
        expected.push(`checkpoint ${place * 10 + 5}`);
      }
      if (place % 500 === 0) {
        read.caughtUp();
        expected.push('caught up');
      }
    }
  });
  const seen: string[] = [];
  for await (const delivery of subscribe()) {
    seen.push(short(delivery));
    // Long enough for all buffers on the way to fill, and for the server to wait.
    if (seen.length % 100 === 0) for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    if (seen.at(-1) === '8000') break;
  }
  expect(seen).toEqual(expected.slice(0, seen.length));
  expect(subscriptions()).toHaveLength(1);
});

test('aborting ends it at once, live or not, and calls it off', async () => {
  serving((read) => read.confirm().caughtUp());
  const seen = deliveriesTo(1);
  await until('it is live', () => subscriptions().length === 1);
  abort.abort();
  expect(await seen).toEqual(expect.not.arrayContaining(['1']));
  await until('the server learns of it', () => subscriptions()[0]?.cancelled);
  expect(await deliveriesTo(1)).toEqual([]);
});

test('leaving calls it off', async () => {
  serving((read) => tell(read.confirm(), 1));
  await deliveriesTo(1);
  await until('the server learns of it', () => subscriptions()[0]?.cancelled);
});

test('what only an administrator can mend is thrown', async () => {
  serving((read) => read.fail(status.PERMISSION_DENIED, { exception: 'access-denied' }));
  await expect(deliveriesTo(1)).rejects.toThrow(EventStoreMisconfigured);
});

const never = () => {
  throw new Error('there is no subscription');
};
