import { expect, test } from '@jest/globals';
import type { AnyProjection, RecordedEvent } from '#kernel';
import { type ItemEvent, items, move, moves, put, take } from '../../test/read-store/items.js';
import { Rig, until } from '../../test/read-store/rig.js';
import { testDatabase } from '../../test/stack/index.js';
import {
  rebuildProjections,
  replayDeadLetters,
  type RunningProjections,
  skipDeadLetter,
  switchProjection,
  verifyProjections,
  unskip,
  versionStatuses,
} from './index.js';

const rig = new Rig(await testDatabase());

/** An error tells where it arose, and nothing of the event. */
const NO_ATTIC = /^Error at .*ItemMoved/;

type Moved = Extract<RecordedEvent<ItemEvent>, { type: 'ItemMoved' }>;

/** The same tables, but this version cannot take moves to the attic. */
const broken: AnyProjection = {
  ...items,
  on: {
    ...items.on,
    ItemMoved: (event: Moved) => {
      if (event.data.shelf === 'attic') throw new Error('No attic here');
      return items.on.ItemMoved?.(event) ?? [];
    },
  },
};

const shelves = () => rig.rowsOf('select item, shelf from items order by item');
const letters = () =>
  rig.rowsOf(`select stream, event_type, fault, reason, resolution, resolved_because
    from ${rig.namespace}_read_store.dead_letters order by stream, revision`);
const repair = (projection: AnyProjection) => {
  const { pool, namespace, log: source } = rig;
  return { pool, namespace, projection, source, reason: 'The attic is built' };
};
const parkedStreams = (runner: RunningProjections) => runner.status().projections.map((one) => one.parkedStreams);

test('an event that the projection cannot take is parked with the later events of its stream, the others go on', async () => {
  const runner = await rig.start([broken, moves]);
  rig.happens(put('pen', 'a'), put('ink', 'a'), move('pen', 'attic'), move('ink', 'b'), move('pen', 'c'));
  await rig.applied();
  rig.happens(take('pen'), move('ink', 'c'));
  await rig.applied();
  expect(await shelves()).toEqual([
    { item: 'ink', shelf: 'c' },
    { item: 'pen', shelf: 'a' },
  ]);
  expect((await letters()).map(({ event_type, fault, reason }) => [event_type, fault, reason])).toEqual([
    ['ItemMoved', 'apply', expect.stringMatching(NO_ATTIC)],
    ['ItemMoved', 'follows', 'An earlier event of the stream is parked'],
    ['ItemTaken', 'follows', 'An earlier event of the stream is parked'],
  ]);
  await until(() => parkedStreams(runner).join() === '1,0');
  expect(await rig.rowsOf('select count(*) from moves')).toEqual([{ count: 7 }]);
});

test('a replay after the fix gives the rows of a rebuild, and the runner goes on with the stream', async () => {
  const runner = await rig.start([broken]);
  rig.happens(put('pen', 'a'), move('pen', 'attic'), put('cup', 'a'), move('cup', 'attic'), move('pen', 'b'));
  await rig.applied('items');
  await runner.stop();
  const fixed = await rig.start([items]);
  await until(() => fixed.status().state === 'live');
  await until(() => parkedStreams(fixed).join() === '2');
  expect(await replayDeadLetters(repair(items))).toMatchObject([
    { stream: 'item-cup', replayed: 1, left: 0 },
    { stream: 'item-pen', replayed: 2, left: 0 },
  ]);
  rig.happens(move('cup', 'c'));
  await rig.applied('items');
  expect(await shelves()).toEqual([
    { item: 'cup', shelf: 'c' },
    { item: 'pen', shelf: 'b' },
  ]);
  await until(() => parkedStreams(fixed).join() === '0');
});

test('a replay that fails again leaves the stream parked in order and says why', async () => {
  await rig.start([broken]);
  rig.happens(put('pen', 'a'), move('pen', 'attic'), move('pen', 'b'));
  await rig.applied('items');
  expect(await replayDeadLetters(repair(broken), 'item-pen')).toMatchObject([
    { stream: 'item-pen', replayed: 0, left: 2, failure: expect.stringMatching(NO_ATTIC) },
  ]);
  rig.happens(take('pen'));
  await rig.applied('items');
  expect((await letters()).map(({ fault }) => fault)).toEqual(['apply', 'follows', 'follows']);
});

test('skipping gives up the first event with a reason and applies those behind it', async () => {
  await rig.start([broken]);
  rig.happens(put('pen', 'a'), move('pen', 'attic'), move('pen', 'b'), move('pen', 'attic'), take('pen'));
  await rig.applied('items');
  expect(await skipDeadLetter(repair(broken), 'item-pen')).toMatchObject([
    { stream: 'item-pen', replayed: 1, left: 2, failure: expect.stringMatching(NO_ATTIC) },
  ]);
  expect(await shelves()).toEqual([{ item: 'pen', shelf: 'b' }]);
  expect(await letters()).toMatchObject([
    { resolution: 'skipped', resolved_because: 'The attic is built' },
    { resolution: 'replayed' },
    { resolution: null, fault: 'apply' },
    { resolution: null, fault: 'follows' },
  ]);
});

test('what was skipped stays skipped: builds pass it by and equal what readers see', async () => {
  await rig.start([broken]);
  rig.happens(put('pen', 'a'), move('pen', 'attic'), move('pen', 'b'));
  await rig.applied('items');
  await skipDeadLetter({ ...repair(broken), by: 'ada@desk' }, 'item-pen');
  const { pool, namespace, log: source } = rig;
  const models = { pool, namespace, projections: [broken] };
  expect(await verifyProjections({ ...models, source })).toMatchObject([{ rows: 1, differences: [] }]);
  await rebuildProjections({ ...models, source, names: ['items'] });
  expect(await versionStatuses(models)).toMatchObject([
    { state: 'living', parkedEvents: 0, skippedEvents: 1 },
    { state: 'ready', parkedEvents: 0, skippedEvents: 1 },
  ]);
  expect(
    await rig.rowsOf(`select stream, revision::int, reason, skipped_by from ${namespace}_read_store.skipped_events`),
  ).toEqual([
    { stream: 'item-pen', revision: expect.any(Number), reason: 'The attic is built', skipped_by: 'ada@desk' },
  ]);
});

test('a skip is taken back: the next build applies the event in its place, and equals what readers then see', async () => {
  const runner = await rig.start([broken]);
  rig.happens(put('pen', 'a'), move('pen', 'attic'));
  await rig.applied('items');
  await skipDeadLetter(repair(broken), 'item-pen');
  await runner.stop();
  await rig.start([items]);
  const { pool, namespace, log: source } = rig;
  const models = { pool, namespace, projections: [items] };
  expect(await unskip(repair(items), 'item-pen')).toBe(1);
  await expect(unskip(repair(items), 'item-pen')).rejects.toThrow('Nothing of item-pen is skipped');
  expect(await shelves()).toEqual([{ item: 'pen', shelf: 'a' }]);
  await rebuildProjections({ ...models, source, names: ['items'] });
  await switchProjection({ ...models, projection: 'items' });
  expect(await shelves()).toEqual([{ item: 'pen', shelf: 'attic' }]);
  expect(await verifyProjections({ ...models, source })).toMatchObject([{ differences: [] }]);
});

test('a skip is not taken back under a build, which may have passed the event by', async () => {
  await rig.start([broken]);
  rig.happens(put('pen', 'a'), move('pen', 'attic'));
  await rig.applied('items');
  await skipDeadLetter(repair(broken), 'item-pen');
  const { pool, namespace, log } = rig;
  const attempts: unknown[] = [];
  const subscribe: typeof log.subscribe = async function* (...how) {
    attempts.push(await unskip(repair(broken), 'item-pen').catch(String));
    yield* log.subscribe(...how);
  };
  await rebuildProjections({ pool, namespace, projections: [broken], source: { subscribe }, names: ['items'] });
  expect(attempts).toEqual([expect.stringContaining('is being built')]);
});

test('a build in which more is parked than in what readers see is shown only by force', async () => {
  await rig.start([items]);
  rig.happens(put('pen', 'a'), move('pen', 'attic'));
  await rig.applied('items');
  const { pool, namespace, log: source } = rig;
  await rebuildProjections({ pool, namespace, projections: [broken], source, names: ['items'] });
  const switching = { pool, namespace, projections: [broken], projection: 'items' };
  await expect(switchProjection(switching)).rejects.toThrow(/1 events are parked, in what they see 0.*--force/);
  await switchProjection({ ...switching, force: true });
  expect(await shelves()).toEqual([{ item: 'pen', shelf: 'a' }]);
});

test('rows that Postgres refuses park their event alone, whatever batch it came in', async () => {
  const narrow: AnyProjection = {
    ...items,
    name: 'narrow',
    schema: items.schema.replace('note text', 'note varchar(3)'),
  };
  const others = Array.from({ length: 40 }, (_, index) => put(`pen ${index}`, 'a', 'ok'));
  rig.happens(...others, put('ink', 'a', 'far too long'), put('cup', 'a', '\0'), put('nib', 'a'), move('ink', 'b'));
  await rig.start([narrow, moves]);
  await rig.applied('narrow', 'moves');
  expect(await rig.rowsOf('select count(*) from items')).toEqual([{ count: 41 }]);
  expect(await rig.rowsOf('select count(*) from moves')).toEqual([{ count: 44 }]);
  expect((await letters()).map(({ stream, fault }) => [stream, fault])).toEqual([
    ['item-cup', 'write'],
    ['item-ink', 'write'],
    ['item-ink', 'follows'],
  ]);
});

test.each([
  ['cannot be read', Object.assign(new Error('no JSON'), { name: 'MalformedEvent' }), 'read'],
  ['a newer release wrote', Object.assign(new Error('version 3'), { name: 'NewerEvent' }), 'unknown'],
])('an event that %s is parked where somebody listens to its type', async (_, error, fault) => {
  await rig.start();
  const [event] = rig.happens(put('pen', 'a'));
  if (event === undefined) throw new Error('nothing happened');
  const position = { commit: rig.head + 1n, prepare: rig.head + 1n };
  rig.log.push({ unreadable: { ...event, type: 'ItemNoted', revision: 99n, position, error } });
  rig.happens(put('ink', 'a'));
  await rig.applied();
  expect((await letters()).map((letter) => [letter['stream'], letter['fault'], letter['reason']])).toEqual([
    ['item-pen', fault, error.message],
  ]);
  expect(await rig.rowsOf('select count(*) from items')).toEqual([{ count: 2 }]);
});

test('a failure that is not about the data parks nothing', async () => {
  const runner = await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  const schema = runner.status().projections[0]?.schema ?? '';
  await rig.rowsOf(`alter table ${schema}.items rename to away`);
  rig.happens(put('ink', 'a'));
  await until(() => runner.status().lastError?.message.includes('42P01') ?? false);
  await rig.rowsOf(`alter table ${schema}.away rename to items`);
  await rig.applied();
  expect(await letters()).toEqual([]);
  expect(await rig.rowsOf('select count(*) from items')).toEqual([{ count: 2 }]);
});
