import { expect, test } from '@jest/globals';
import { put } from '../../test/read-store/items.js';
import { Rig, until } from '../../test/read-store/rig.js';
import { testDatabase } from '../../test/stack/index.js';

const rig = new Rig(await testDatabase());
const versions = () => `${rig.namespace}_read_store.versions`;
const stored = async () => (await rig.rowsOf('select count(*) from items'))[0]?.['count'];

test('one runner feeds, the other stands by and takes over when the first stops', async () => {
  const first = await rig.start();
  await until(() => first.status().state === 'live');
  const second = await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  expect(second.status()).toMatchObject({ state: 'standing by', projections: [] });
  await first.stop();
  rig.happens(put('ink', 'a'));
  await rig.applied();
  await until(() => second.status().state === 'live');
  expect(await stored()).toBe(2);
});

test('a runner that held its leases too long ago is fenced: it writes nothing until it holds them again', async () => {
  const halted = await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  await rig.rowsOf(`update ${versions()} set holder = 'another host', epoch = epoch + 1,
    held_until = clock_timestamp() + interval '1 hour'`);
  rig.happens(put('ink', 'a'));
  await until(() => halted.status().state === 'standing by');
  expect(await stored()).toBe(1);
  expect(halted.status().lastError?.message).toMatch(/another runner/i);
  await rig.rowsOf(`update ${versions()} set held_until = clock_timestamp()`);
  await rig.applied();
  expect(await stored()).toBe(2);
});

test('a runner whose lease was taken while it had nothing to write notices it', async () => {
  const halted = await rig.start();
  await until(() => halted.status().state === 'live');
  await rig.rowsOf(
    `update ${versions()} set holder = 'another host', held_until = clock_timestamp() + interval '1 hour'`,
  );
  await until(() => halted.status().state === 'standing by');
  expect(halted.status().lastError?.message).toMatch('lease');
});
