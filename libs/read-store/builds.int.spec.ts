import { expect, test } from '@jest/globals';
import type { AnyProjection } from '#kernel';
import { items, move, moves, put, take } from '../../test/read-store/items.js';
import { Rig, until } from '../../test/read-store/rig.js';
import { testDatabase } from '../../test/stack/index.js';
import {
  type BuildProgress,
  dropUnseenVersion,
  rebuildProjections,
  rollbackProjection,
  switchProjection,
  verifyProjections,
} from './index.js';
import { buildMeter } from './rebuild.js';

const rig = new Rig(await testDatabase());

const changed: AnyProjection = {
  ...items,
  schema: `${items.schema.replace('note text', 'remark text, note text')} create index by_shelf on items (shelf);`,
  analytics: 'create view remarks as select item, remark from items',
};

const at = () => ({ pool: rig.pool, namespace: rig.namespace, projections: [items, moves] });
const living = async () =>
  (
    await rig.rowsOf(
      `select state, schema_name as schema from ${rig.namespace}_read_store.versions where projection = 'items' order by created_at`,
    )
  ).map(({ state }) => state);
const count = async () => (await rig.rowsOf('select count(*) from items'))[0]?.['count'];

test('a changed projection is filled beside the old one, and readers see it once it has caught up', async () => {
  const old = await rig.start();
  rig.happens(put('pen', 'a'), put('ink', 'a'));
  await rig.applied();
  await rig.install([changed, moves]);
  rig.happens(put('nib', 'a'));
  await rig.applied();
  expect(await rig.rowsOf(`select items_on('a')`)).toEqual([{ items_on: 3 }]);
  await rig.start([changed, moves]);
  await until(async () => (await living()).join() === 'kept,living');
  expect(await rig.rowsOf('select count(*) from remarks')).toEqual([{ count: 3 }]);
  await expect(rig.rowsOf(`select items_on('a')`)).rejects.toThrow('does not exist');
  const { rows } = await rig.pool.query(`select from pg_indexes where indexname = 'by_shelf'`);
  expect(rows).toHaveLength(1);
  await old.stop();
  rig.happens(put('cup', 'a'));
  await rig.applied();
  expect(await count()).toBe(4);
});

test('a rebuild is shown by a switch and taken back by a rollback, and both versions keep up', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'), move('pen', 'b'), put('ink', 'a'), take('ink'));
  await rig.applied();
  const told: BuildProgress[] = [];
  const onProgress = (progress: BuildProgress) => told.push(progress);
  const rebuild = { ...at(), source: rig.log, names: ['items'], onProgress };
  expect(await rebuildProjections(rebuild)).toEqual([expect.stringMatching(/_items_[0-9a-f]{8}_2$/)]);
  expect(told.at(-1)).toMatchObject({ share: 1, remainingMs: 0 });
  expect(await living()).toEqual(['living', 'ready']);

  await switchProjection({ ...at(), projection: 'items' });
  rig.happens(put('cup', 'a'));
  await rig.applied();
  expect([await living(), await count()]).toEqual([['kept', 'living'], 2]);
  expect(await rig.rowsOf(`select items_on('a')`)).toEqual([{ items_on: 1 }]);

  await rollbackProjection({ ...at(), projection: 'items' });
  rig.happens(put('nib', 'a'));
  await rig.applied();
  expect([await living(), await count()]).toEqual([['living', 'rejected'], 3]);
  await rig.install([items, moves]);
  expect(await living()).toEqual(['living', 'rejected']);

  await switchProjection({ ...at(), projection: 'items' });
  await rig.applied();
  expect(await count()).toBe(3);
});

test('versions that readers do not see are dropped on demand, and only those', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  const rebuild = { ...at(), projections: [items, moves], source: rig.log, names: ['items'] };
  await rebuildProjections(rebuild);
  await switchProjection({ ...at(), projection: 'items' });
  const [built = ''] = await rebuildProjections(rebuild);
  expect(await living()).toEqual(['kept', 'living', 'ready']);
  const [first, shown] = (
    await rig.rowsOf(
      `select schema_name from ${rig.namespace}_read_store.versions where projection = 'items' order by created_at`,
    )
  ).map((row) => String(row['schema_name']));
  const drop = (version = '') => dropUnseenVersion(rig.pool, rig.namespace, version);
  await expect(drop(shown)).rejects.toThrow(/Readers see .*_items_/);
  await expect(drop('weather')).rejects.toThrow(/no version weather/);
  expect(await drop(first?.slice(first.indexOf('items_')))).toBe(first);
  expect(await drop(built)).toBe(built);
  expect(await living()).toEqual(['living']);
  rig.happens(put('ink', 'a'));
  await rig.applied();
  expect(await count()).toBe(2);
});

test('under writes and reads, versions are built, switched and rolled back: no reader sees less, no event is lost', async () => {
  await rig.start();
  const over = new AbortController();
  let puts = 0;
  const writing = (async () => {
    while (!over.signal.aborted) {
      rig.happens(...Array.from({ length: 5 }, () => put(`pen ${puts++}`, 'a')));
      await rig.applied();
    }
  })();
  const seen: number[] = [];
  const reading = (async () => {
    while (!over.signal.aborted) seen.push(Number(await count()));
  })();
  const rebuild = { ...at(), source: rig.log, names: ['items'] };
  for (let round = 0; round < 2; round++) {
    const [built] = await rebuildProjections(rebuild);
    const before = puts;
    await until(() => puts > before);
    expect(await switchProjection({ ...at(), projection: 'items' })).toBe(built);
    await until(() => puts > before + 20);
    expect(await rollbackProjection({ ...at(), projection: 'items' })).not.toBe(built);
    expect(await switchProjection({ ...at(), projection: 'items' })).toBe(built);
  }
  over.abort();
  await Promise.all([writing, reading]);
  await rig.applied();
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
  expect(await count()).toBe(puts);
  const verified = await verifyProjections({ ...at(), projections: [items], source: rig.log });
  expect(verified).toMatchObject([{ rows: puts, differences: [] }]);
});

test('a version that is behind is not shown before it has caught up: readers would see less', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  await rebuildProjections({ ...at(), source: rig.log, names: ['items'] });
  await switchProjection({ ...at(), projection: 'items' });
  await rig.rowsOf(`update ${rig.namespace}_read_store.versions set holder = 'nobody', held_until = 'infinity', epoch = epoch + 1
    where projection = 'items' and state = 'kept'`);
  rig.happens(put('ink', 'a'));
  await rig.applied();
  const rolledBack = rollbackProjection({ ...at(), projection: 'items' });
  expect(await count()).toBe(2);
  await rig.rowsOf(`update ${rig.namespace}_read_store.versions set held_until = now() where holder = 'nobody'`);
  await rolledBack;
  expect(await count()).toBe(2);
});

test('a version with dead letters is not shown by itself', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  const failing: AnyProjection = {
    ...changed,
    on: {
      ItemPut: () => {
        throw new Error('not written yet');
      },
    },
  };
  await rig.start([failing, moves]);
  await until(async () => (await living()).join() === 'living,ready');
  expect(await count()).toBe(1);
});

test('who verifies is told of all that is read, also when versions stand at two places', () => {
  const told: BuildProgress[] = [];
  const meter = buildMeter((progress) => told.push(progress));
  const at = (commit: bigint) => ({ lowest: { commit, prepare: commit } });
  meter(200n)(at(100n), 30);
  meter(200n)(at(200n), 20);
  meter(400n)(at(300n), 1);
  expect(told.map(({ deliveries, share }) => [deliveries, share])).toEqual([
    [30, 0.5],
    [50, 1],
    [51, 0.75],
  ]);
});

test('a verification finds every row that a fresh build has otherwise, and its events', async () => {
  await rig.start();
  const [put1] = rig.happens(put('pen', 'a'), put('ink', 'a'), put('cup', 'b'));
  await rig.applied();
  const verification = { ...at(), source: rig.log };
  const subscriptions = rig.log.subscriptions;
  expect(await verifyProjections(verification)).toMatchObject([
    { projection: 'items', rows: 3, differences: [] },
    { projection: 'moves', rows: 3, differences: [] },
  ]);
  expect(rig.log.subscriptions - subscriptions).toBe(1);
  await rig.rowsOf(`with gone as (delete from items where item = 'cup')
    update items set note = 'tampered' where item = 'pen'`);
  await rig.rowsOf(`insert into items values ('ghost', 'a', null, '')`);
  const [{ differences } = { differences: [] }, others] = await verifyProjections(verification);
  expect(others?.differences).toEqual([]);
  expect(differences.map(({ key, living: ours, rebuilt }) => [key, ours !== undefined, rebuilt !== undefined])).toEqual(
    [
      [{ item: 'cup' }, false, true],
      [{ item: 'ghost' }, true, false],
      [{ item: 'pen' }, true, true],
    ],
  );
  expect(differences[2]?.events).toEqual([
    { type: 'ItemPut', stream: 'item-pen', revision: put1?.revision, eventId: put1?.eventId },
  ]);
  expect(await living()).toEqual(['living']);
});
