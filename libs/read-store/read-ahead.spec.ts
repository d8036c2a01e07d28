import { expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { ReadAhead } from './read-ahead.js';

const open = () => new AbortController().signal;

/** Counts up to `end` and remembers how far it was asked to go. */
const counter = (end: number) => {
  const counted = { last: 0 };
  const source = (async function* () {
    for (let number = 1; number <= end; number++) {
      counted.last = number;
      await Promise.resolve();
      yield number;
    }
  })();
  return { counted, source };
};

/** Lets everything that can go on without the consumer go on. */
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
};

test('hands over all that came while the consumer was busy, in order, and ends with the source', async () => {
  const ahead = new ReadAhead(counter(5).source, 100, open());
  await settle();
  expect(await ahead.take()).toEqual([1, 2, 3, 4, 5]);
  expect(await ahead.take()).toBeUndefined();
});

test('reads no further than its bound until something is taken', async () => {
  const { counted, source } = counter(10);
  const ahead = new ReadAhead(source, 4, open());
  await settle();
  expect(counted.last).toBe(4);
  expect(await ahead.take()).toEqual([1, 2, 3, 4]);
  await settle();
  expect(ahead.waiting).toBe(4);
});

test('reads no further than what weighs as much as may wait, however few they are', async () => {
  const { counted, source } = counter(10);
  const isEnough = () => false;
  const ahead = new ReadAhead(source, 100, open(), { isEnough, isFull: (first, number) => number - first >= 3 });
  await settle();
  expect(counted.last).toBe(4);
  expect(await ahead.take()).toEqual([1, 2, 3, 4]);
  await settle();
  expect(counted.last).toBe(8);
});

test('a failure of the source comes after what it had delivered', async () => {
  const source = (async function* () {
    yield await Promise.resolve(1);
    throw new Error('dropped');
  })();
  const ahead = new ReadAhead(source, 4, open());
  await settle();
  expect(await ahead.take()).toEqual([1]);
  await expect(ahead.take()).rejects.toThrow('dropped');
});

test('gives nothing when nothing came in time, and ends when aborted though the source does not', async () => {
  const silent = (async function* () {
    yield await new Promise<number>(() => undefined);
  })();
  const abort = new AbortController();
  const ahead = new ReadAhead(silent, 4, abort.signal);
  expect(await ahead.take(1)).toEqual([]);
  const taken = ahead.take();
  abort.abort();
  expect(await taken).toBeUndefined();
});

test('ends at once when it was aborted before it began', async () => {
  const never = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<number>>(() => undefined) }),
  };
  expect(await new ReadAhead(never, 4, AbortSignal.abort()).take()).toBeUndefined();
});

test('hands over once enough has come, or after a while what there is', async () => {
  const { source } = counter(9);
  const isEnough = (number: number, waiting: number) => waiting >= 4 || number === 5;
  const ahead = new ReadAhead(source, 6, open(), { isEnough });
  expect(await ahead.take()).toEqual([1, 2, 3, 4]);
  expect(await ahead.take()).toEqual([5]);
  await settle();
  expect(await ahead.take()).toEqual([6, 7, 8, 9]);
  const slow = (async function* () {
    yield await Promise.resolve(1);
    await new Promise(() => undefined);
  })();
  const impatient = new ReadAhead(slow, 6, open(), { isEnough: () => false, patienceMs: 1 });
  await settle();
  expect(await impatient.take()).toEqual([1]);
});
