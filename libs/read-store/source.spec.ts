import { expect, test } from '@jest/globals';
import { itemEvent, put } from '../../test/read-store/items.js';
import { type Delivery, type EventSource, upTo } from './source.js';

const at = (place: number) => ({ commit: BigInt(place * 100), prepare: BigInt(place * 100) });
const event = (place: number): Delivery => ({ event: itemEvent(place, put('pen', 'a')) });

/** Delivers these and then falls silent; like one that reads ahead, it can be left only by aborting. */
const silentAfter = (...deliveries: readonly Delivery[]): EventSource => ({
  subscribe: (_, signal) => {
    const left = deliveries.values();
    const aborted = new Promise<IteratorResult<Delivery>>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve({ done: true, value: undefined });
      });
    });
    const next = () => {
      const { done, value } = left.next();
      return done === true ? aborted : Promise.resolve({ done: false, value });
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: () => aborted }) };
  },
});

const collect = async (source: EventSource, last: number): Promise<readonly Delivery[]> => {
  const delivered: Delivery[] = [];
  for await (const delivery of upTo(source, at(last)).subscribe('start', new AbortController().signal)) {
    delivered.push(delivery);
    if ('caughtUp' in delivery) break;
  }
  return delivered;
};

test('a log up to a position ends there, though no more events come', async () => {
  const log = silentAfter(event(1), event(2));
  expect(await collect(log, 2)).toEqual([event(1), event(2), { checkpoint: at(2) }, { caughtUp: true }]);
});

test('what lies behind the position is left out', async () => {
  expect(await collect(silentAfter(event(1), event(3)), 2)).toEqual([
    event(1),
    { checkpoint: at(2) },
    { caughtUp: true },
  ]);
});

test('a position that no event has is reached when the log has been read', async () => {
  expect(await collect(silentAfter(event(1), { caughtUp: true }), 2)).toEqual([
    event(1),
    { checkpoint: at(2) },
    { caughtUp: true },
  ]);
});

test('a subscription that ends before the position has not reached it', async () => {
  const ends: EventSource = {
    async *subscribe() {
      yield await Promise.resolve(event(1));
    },
  };
  expect(await collect(ends, 2)).toEqual([event(1)]);
});
