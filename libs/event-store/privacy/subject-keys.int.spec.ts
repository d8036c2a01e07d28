import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { createPool } from '#read-store';
import { until } from '../../../test/faults/until.js';
import { testDatabase } from '../../../test/stack/index.js';
import { keysByMaster, rewrapKeys } from './key-table.js';
import { LocalMasterKeys, nameOf } from './master-keys.js';
import { PostgresSubjectKeys } from './postgres-subject-keys.js';

const pool = createPool(await testDatabase());
afterAll(() => pool.end());
const [old, fresh] = [randomBytes(32), randomBytes(32)];

/** Keys as another process would have them. */
async function processOn(schema: string, ring: readonly Buffer[] = [old]) {
  const keys = new PostgresSubjectKeys(pool, schema, new LocalMasterKeys(() => Promise.resolve(ring)));
  await keys.prepare();
  return keys;
}

test('every process gets the same key of a subject', async () => {
  const [one, other] = [await processOn('same'), await processOn('same')];
  const made = await Promise.all([one.ensure(['lead:1']), other.ensure(['lead:1'])]);
  expect(made[0]).toEqual(made[1]);
});

test('a destroyed key is gone in every process, and never made again', async () => {
  const [one, other] = [await processOn('gone'), await processOn('gone')];
  let forgotten = 0;
  other.whenForgetting(() => forgotten++);
  await other.listen();
  await one.ensure(['lead:1', 'lead:2']);
  await other.find(['lead:1', 'lead:2']);
  const before = forgotten;

  await one.destroy(['lead:1', 'lead:never-sealed']);
  await one.destroy(['lead:1']);
  await until('the other process to hear of it', () => forgotten > before);

  for (const keys of [one, other]) {
    expect([...(await keys.find(['lead:1', 'lead:2'])).keys()]).toEqual(['lead:2']);
    await expect(keys.ensure(['lead:1'])).rejects.toThrow('the data of lead:1 was erased');
    await expect(keys.ensure(['lead:never-sealed'])).rejects.toThrow('was erased');
  }
  await other.close();
});

test('all keys are wrapped anew under another master key while a process that knows both works on', async () => {
  const working = await processOn('turned', [old, fresh]);
  const subjects = Array.from({ length: 1_200 }, (_, n) => `lead:${n}`);
  const before = await working.ensure(subjects);
  await working.destroy(['lead:7']);

  const told: number[] = [];
  expect(await rewrapKeys(pool, 'turned', LocalMasterKeys.holding(fresh, old), (done) => told.push(done))).toBe(1_199);
  expect(told).toEqual([500, 1_000, 1_199]);
  expect(await rewrapKeys(pool, 'turned', LocalMasterKeys.holding(fresh, old))).toBe(0);
  const use = { masterKey: nameOf(fresh), keys: 1_199, failure: undefined };
  expect(await keysByMaster(pool, 'turned', LocalMasterKeys.holding(fresh))).toEqual({ inUse: [use], destroyed: 1 });

  working.forget('all');
  expect((await working.find(['lead:8'])).get('lead:8')).toEqual(before.get('lead:8'));
  await expect((await processOn('turned', [old])).find(['lead:8'])).rejects.toThrow('which is not at hand');
});
