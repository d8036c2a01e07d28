import { expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { FixedKeys } from '../../test/subject-keys.js';
import { Codec } from './codec.js';
import { EventStore, type StoreDelivery } from './event-store.js';
import { RecordedEvents } from './recorded-events.js';

const MIB = 1024n * 1024n;

/** A log of large events, which tells how far it was read. */
class LargeEvents extends EventStore {
  read = 0;

  async *subscribe(): AsyncIterable<StoreDelivery> {
    for (;;) {
      const commit = BigInt(this.read++) * MIB;
      await Promise.resolve();
      yield { passed: { commit, prepare: commit } };
    }
  }

  readonly #nothing = () => Promise.reject(new Error('not asked for'));
  append = this.#nothing;
  lastOf = this.#nothing;
  readStream = () => {
    throw new Error('not asked for');
  };
  close = () => Promise.resolve();
}

test('of large events fewer are read ahead: what waits in memory is bounded by its size', async () => {
  const store = new LargeEvents();
  const events = new RecordedEvents(store, new Codec({}, new FixedKeys(), ''), ['lead']);
  const deliveries = events.subscribe('start', new AbortController().signal)[Symbol.asyncIterator]();
  await deliveries.next();
  for (let turn = 0; turn < 50; turn++) await setImmediate();
  expect(store.read).toBeLessThanOrEqual(2 * 17 + 1);
  await deliveries.return?.();
});
