import { expect, test } from '@jest/globals';
import type { AnyProjection, RecordedEvent } from '#kernel';
import { type ItemEvent, items, moves, move, put, take } from '../../test/read-store/items.js';
import { Rig, until, WAIT_MS } from '../../test/read-store/rig.js';
import { testDatabase } from '../../test/stack/index.js';
import { ReadModelBehind } from './index.js';

const rig = new Rig(await testDatabase());

test('events become rows, read through views that carry the comments', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'), put('ink', 'a'), move('pen', 'b'), put('cup', 'c'), take('cup'));
  await rig.applied();
  expect(await rig.rowsOf('select item, shelf, note, put_by from items order by item')).toEqual([
    { item: 'ink', shelf: 'a', note: null, put_by: '王芳' },
    { item: 'pen', shelf: 'b', note: null, put_by: '王芳' },
  ]);
  expect(await rig.rowsOf('select revision, recorded_at from moves where shelf is null')).toEqual([
    { revision: Number(rig.head / 100n), recorded_at: '2026-11-22T08:00:00.000Z' },
  ]);
  expect(await rig.rowsOf(`select obj_description('items'::regclass) as text`)).toEqual([
    { text: 'Where each item is; 每件物品所在' },
  ]);
});

test('delivering everything again changes nothing', async () => {
  await rig.start();
  const events = rig.happens(put('pen', 'a'), take('pen'), put('ink', 'a'));
  await rig.applied();
  rig.log.append(...events);
  rig.happens(put('cup', 'a'));
  await rig.applied();
  expect(await rig.rowsOf('select item from items order by item')).toEqual([{ item: 'cup' }, { item: 'ink' }]);
  expect(await rig.rowsOf('select count(*) from moves')).toEqual([{ count: 4 }]);
});

test('an old event that comes again does not undo what came after it', async () => {
  await rig.start();
  const [first] = rig.happens(put('pen', 'a'), move('pen', 'b'));
  await rig.applied();
  // While the cup is written, the old event and the one after it come together: one batch.
  rig.happens(put('cup', 'a'));
  if (first !== undefined) rig.log.append(first);
  rig.happens(put('nib', 'a'));
  await rig.applied();
  expect(await rig.rowsOf(`select shelf from items where item = 'pen'`)).toEqual([{ shelf: 'b' }]);
});

test('a runner goes on from the checkpoint, also past events that no projection wants', async () => {
  const first = await rig.start();
  rig.happens(put('pen', 'a'));
  rig.log.push({ checkpoint: { commit: 10n ** 9n, prepare: 10n ** 9n } });
  await rig.progress.waitFor(10n ** 9n, WAIT_MS);
  await first.stop();
  rig.happens(put('behind the checkpoint', 'a'));
  const second = await rig.start();
  await until(() => second.status().state === 'live');
  expect(await rig.rowsOf('select item from items')).toEqual([{ item: 'pen' }]);
});

test('a subscription that ends is taken up again', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  rig.log.drop();
  rig.happens(put('ink', 'a'));
  await rig.applied();
  expect(rig.log.subscriptions).toBeGreaterThan(1);
  expect(await rig.rowsOf('select count(*) from items')).toEqual([{ count: 2 }]);
});

test('connections that break under the runner lose nothing', async () => {
  await rig.start();
  for (const shelf of ['a', 'b', 'c']) {
    rig.happens(put('pen', shelf), put(`pen ${shelf}`, shelf));
    await rig.pool
      .query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()')
      .catch(() => undefined);
    await rig.applied();
  }
  expect(await rig.rowsOf('select count(*) from items')).toEqual([{ count: 4 }]);
  expect(await rig.rowsOf('select count(*) from moves')).toEqual([{ count: 6 }]);
});

test('a projection that joins later catches up while the others keep what they have', async () => {
  const alone = await rig.start([moves]);
  rig.happens(put('pen', 'a'), put('ink', 'a'));
  await rig.applied('moves');
  await alone.stop();
  await rig.start([moves, items]);
  rig.happens(put('cup', 'a'));
  await rig.applied('items', 'moves');
  expect(await rig.rowsOf('select count(*) from items')).toEqual([{ count: 3 }]);
  expect(await rig.rowsOf('select count(*) from moves')).toEqual([{ count: 3 }]);
});

test('analytics change with their text only', async () => {
  await rig.start();
  const idOf = async () => (await rig.rowsOf(`select 'items_by_shelf'::regclass::oid as id`))[0]?.['id'];
  const before = await idOf();
  await rig.install([items, moves]);
  expect(await idOf()).toBe(before);
  const changed = { ...items, analytics: 'create function items_on(wanted text, more int) returns int return more;' };
  await rig.install([changed, moves]);
  expect(await rig.rowsOf(`select items_on('a', 7)`)).toEqual([{ items_on: 7 }]);
});

test('a reader that waits in vain is told which projections are behind', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  const waiting = rig.progress.waitFor(rig.head + 1n, 20, ['items']);
  await expect(waiting).rejects.toBeInstanceOf(ReadModelBehind);
  await expect(waiting).rejects.toMatchObject({ projections: ['items'], waitedMs: 20 });
});

test('what anybody may tell about checkpoints is looked up, not believed', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  const living = { items: 'anywhere', moves: 'anywhere' };
  for (const payload of ['', 'no JSON', JSON.stringify({ commit: String(rig.head * 10n), living })])
    await rig.rowsOf(`select pg_notify('${rig.namespace}_read_store', '${payload}')`);
  rig.happens(put('ink', 'a'));
  await rig.applied();
  await expect(rig.progress.waitFor(rig.head + 1n, 20)).rejects.toBeInstanceOf(ReadModelBehind);
});

test('any column type is written as it is given, and a text too long is refused, not cut', async () => {
  const typed: AnyProjection = {
    name: 'typed',
    schema: `create table typed (id uuid primary key, tags text[], doc jsonb, amount bigint, at timestamptz, day date,
               yes boolean, short varchar(3), doubled bigint generated always as (amount * 2) stored);`,
    on: {
      ItemPut: ({ data }: Extract<RecordedEvent<ItemEvent>, { type: 'ItemPut' }>) => [
        {
          kind: 'insert',
          table: 'typed',
          key: { id: 'A0000000-0000-4000-8000-000000000001' },
          row: {
            id: 'A0000000-0000-4000-8000-000000000001',
            tags: ['a"b', 'c\\d', '', 'null', '逗,号'],
            doc: ['x'],
            amount: 9_007_199_254_740_991n,
            at: '2026-11-22T02:38:51.123Z',
            day: '2026-11-22',
            yes: true,
            short: data.shelf,
          },
        },
      ],
    },
  };
  const runner = await rig.start([typed]);
  rig.happens(put('pen', 'abc'));
  await rig.applied('typed');
  expect(await rig.rowsOf('select id, tags, doc, amount, at, day, yes, short, doubled::text from typed')).toEqual([
    {
      id: 'a0000000-0000-4000-8000-000000000001',
      tags: ['a"b', 'c\\d', '', 'null', '逗,号'],
      doc: ['x'],
      amount: 9_007_199_254_740_991,
      at: '2026-11-22T02:38:51.123Z',
      day: '2026-11-22',
      yes: true,
      short: 'abc',
      doubled: '18014398509481982',
    },
  ]);
  rig.happens(put('pen', 'abcd'));
  await until(() => runner.status().projections[0]?.parkedStreams === 1);
});
