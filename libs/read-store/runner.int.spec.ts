import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import type { AnyProjection, RecordedEvent } from '#kernel';
import { type ItemEvent, itemEvent, items, moves } from '../../test/read-store/items.js';
import { MemoryLog } from '../../test/read-store/memory-log.js';
import { testDatabase } from '../../test/stack/index.js';
import {
  createPool,
  installReadModels,
  type Progress,
  ReadModelBehind,
  runProjections,
  type RunnerOptions,
  type RunningProjections,
  watchProgress,
} from './index.js';

const databaseUrl = await testDatabase();
const WAIT_MS = 10_000;
let tests = 0;
let namespace = '';
let pool = createPool(databaseUrl);
let progress: Progress;
let log: MemoryLog;
const running: RunningProjections[] = [];

beforeEach(async () => {
  await pool.end();
  namespace = `t${tests++}`;
  pool = createPool(databaseUrl, { namespace });
  progress = watchProgress({ pool, namespace, projections: [items, moves] });
  log = new MemoryLog();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await progress.close();
});

afterAll(() => pool.end());

const start = async (projections: readonly AnyProjection[] = [items, moves], options: Partial<RunnerOptions> = {}) => {
  await installReadModels({ pool, namespace, projections });
  const runner = runProjections({ pool, namespace, projections, source: log, ...options });
  running.push(runner);
  return runner;
};

const put = (item: string, shelf: string): ItemEvent => ({ type: 'ItemPut', data: { item, shelf } });
const move = (item: string, shelf: string): ItemEvent => ({ type: 'ItemMoved', data: { item, shelf } });
const take = (item: string): ItemEvent => ({ type: 'ItemTaken', data: { item } });
let place = 0;
const happens = (...events: readonly ItemEvent[]): RecordedEvent[] => {
  const recorded = events.map((event) => itemEvent(++place, event));
  log.append(...recorded);
  return recorded;
};
const applied = (...names: readonly string[]) =>
  progress.waitFor(BigInt(place * 100), WAIT_MS, names.length > 0 ? names : undefined);
const rowsOf = async (query: string) => (await pool.query<Record<string, unknown>>(query)).rows;
const until = async (isTrue: () => boolean | Promise<boolean>) => {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
};

test('events become rows, read through views that carry the comments', async () => {
  await start();
  happens(put('pen', 'a'), put('ink', 'a'), move('pen', 'b'), put('cup', 'c'), take('cup'));
  await applied();
  expect(await rowsOf('select item, shelf, note, put_by from items order by item')).toEqual([
    { item: 'ink', shelf: 'a', note: null, put_by: '王芳' },
    { item: 'pen', shelf: 'b', note: null, put_by: '王芳' },
  ]);
  expect(await rowsOf('select revision, recorded_at from moves where shelf is null')).toEqual([
    { revision: place, recorded_at: '2026-11-22T08:00:00.000Z' },
  ]);
  expect(await rowsOf(`select obj_description('items'::regclass) as text`)).toEqual([
    { text: 'Where each item is; 每件物品所在' },
  ]);
});

test('delivering everything again changes nothing', async () => {
  await start();
  const events = happens(put('pen', 'a'), take('pen'), put('ink', 'a'));
  await applied();
  log.append(...events);
  happens(put('cup', 'a'));
  await applied();
  expect(await rowsOf('select item from items order by item')).toEqual([{ item: 'cup' }, { item: 'ink' }]);
  expect(await rowsOf('select count(*) from moves')).toEqual([{ count: 4 }]);
});

test('a runner goes on from the checkpoint, also past events that no projection wants', async () => {
  const first = await start();
  happens(put('pen', 'a'));
  log.push({ checkpoint: { commit: 10n ** 9n, prepare: 10n ** 9n } });
  await progress.waitFor(10n ** 9n, WAIT_MS);
  await first.stop();
  happens(put('behind the checkpoint', 'a'));
  const second = await start();
  await until(() => second.status().state === 'live');
  expect(await rowsOf('select item from items')).toEqual([{ item: 'pen' }]);
});

test('a subscription that ends is taken up again', async () => {
  await start();
  happens(put('pen', 'a'));
  await applied();
  log.drop();
  happens(put('ink', 'a'));
  await applied();
  expect(log.subscriptions).toBeGreaterThan(1);
  expect(await rowsOf('select count(*) from items')).toEqual([{ count: 2 }]);
});

test('connections that break under the runner lose nothing', async () => {
  await start();
  for (const shelf of ['a', 'b', 'c']) {
    happens(put('pen', shelf), put(`pen ${shelf}`, shelf));
    await pool
      .query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()')
      .catch(() => undefined);
    await applied();
  }
  expect(await rowsOf('select count(*) from items')).toEqual([{ count: 4 }]);
  expect(await rowsOf('select count(*) from moves')).toEqual([{ count: 6 }]);
});

test('two runners at once never write an event twice', async () => {
  const counted: AnyProjection = {
    ...moves,
    name: 'counted',
    schema: `create table counted (stream text, revision bigint, shelf text, recorded_at timestamptz, writes int default 0,
               primary key (stream, revision));
             create function count_write() returns trigger language plpgsql as $$
               begin new.writes := coalesce(old.writes, 0) + 1; return new; end $$;
             create trigger count_write before insert or update on counted for each row execute function count_write();`,
    on: {
      ItemPut: ({ stream, revision, recordedAt }: RecordedEvent) => [
        {
          kind: 'insert',
          table: 'counted',
          key: { stream, revision },
          row: { stream, revision, recorded_at: recordedAt },
        },
      ],
    },
  };
  const runners = [await start([counted]), await start([counted])];
  for (let round = 0; round < 20; round++) {
    happens(put('pen', 'a'), put('ink', 'b'));
    await applied('counted');
  }
  expect(await rowsOf('select count(*), max(writes) from counted')).toEqual([{ count: 40, max: 1 }]);
  expect(runners.some((runner) => runner.status().lastError?.message.includes('Another runner'))).toBe(true);
});

test('a projection that joins later catches up while the others keep what they have', async () => {
  const alone = await start([moves]);
  happens(put('pen', 'a'), put('ink', 'a'));
  await applied('moves');
  await alone.stop();
  await start([moves, items]);
  happens(put('cup', 'a'));
  await applied('items', 'moves');
  expect(await rowsOf('select count(*) from items')).toEqual([{ count: 3 }]);
  expect(await rowsOf('select count(*) from moves')).toEqual([{ count: 3 }]);
});

test('a changed projection is filled beside the old one, and readers see it once it has caught up', async () => {
  await start();
  happens(put('pen', 'a'), put('ink', 'a'));
  await applied();
  const changed: AnyProjection = {
    ...items,
    schema: items.schema.replace('note text', 'remark text, note text'),
    analytics: 'create view remarks as select item, remark from items',
  };
  await installReadModels({ pool, namespace, projections: [changed, moves] });
  expect(await rowsOf('select items_on($$a$$)')).toEqual([{ items_on: 2 }]);
  const runner = await start([changed, moves]);
  await until(() => runner.status().state === 'live');
  expect(await rowsOf('select * from remarks order by item')).toEqual([
    { item: 'ink', remark: null },
    { item: 'pen', remark: null },
  ]);
  await expect(rowsOf('select items_on($$a$$)')).rejects.toThrow('does not exist');
});

test('analytics change with their text only', async () => {
  await start();
  const idOf = async () => (await rowsOf(`select 'items_by_shelf'::regclass::oid as id`))[0]?.['id'];
  const before = await idOf();
  await installReadModels({ pool, namespace, projections: [items, moves] });
  expect(await idOf()).toBe(before);
  const changed = { ...items, analytics: 'create function items_on(wanted text, more int) returns int return more;' };
  await installReadModels({ pool, namespace, projections: [changed, moves] });
  expect(await rowsOf(`select items_on('a', 7)`)).toEqual([{ items_on: 7 }]);
});

test('a reader that waits in vain is told which projections are behind', async () => {
  await start();
  happens(put('pen', 'a'));
  await applied();
  const waiting = progress.waitFor(BigInt(place * 100 + 1), 20, ['items']);
  await expect(waiting).rejects.toBeInstanceOf(ReadModelBehind);
  await expect(waiting).rejects.toMatchObject({ projections: ['items'], waitedMs: 20 });
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
  const runner = await start([typed]);
  happens(put('pen', 'abc'));
  await applied('typed');
  expect(await rowsOf('select id, tags, doc, amount, at, day, yes, short, doubled::text from typed')).toEqual([
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
  happens(put('pen', 'abcd'));
  await until(() => runner.status().lastError?.message.includes('too long') ?? false);
});
