import { expect, test } from '@jest/globals';
import { ERASED, table, type AnyProjection, type RecordedEvent } from '#kernel';
import { items, move, put } from '../../test/read-store/items.js';
import { Rig, until } from '../../test/read-store/rig.js';
import { testDatabase } from '../../test/stack/index.js';

const rig = new Rig(await testDatabase());

/** What is noted of an item tells of the item itself. */
const rows = table<{ item: string; note: string | null }>()('items', 'item');
const personal: AnyProjection = { ...items, personal: [rows.tellsOf('item', 'item', ['note'])] };
/** The same in an earlier release: this one does not feed it. */
const earlier: AnyProjection = { ...personal, version: 0 };

const notes = (schema = `${rig.namespace}_read_models`) =>
  rig.rowsOf(`select item, shelf, note from ${schema}.items order by item`);
const versions = () => rig.rowsOf(`select schema_name, state from ${rig.namespace}_read_store.versions order by state`);

const ink = { item: 'ink', shelf: 'a', note: 'black' };

test('the columns of an erased subject hold the marker, its rows and all others stay', async () => {
  await rig.start([personal]);
  rig.happens(put('pen', 'a', 'mine'), put('ink', 'a', 'black'), put('cup', 'a'));
  await rig.applied('items');
  rig.erases('item:pen', 'item:cup', 'shelf:ink');
  await rig.applied('items');
  const erased = { item: 'pen', shelf: 'a', note: ERASED };
  expect(await notes()).toEqual([{ item: 'cup', shelf: 'a', note: null }, ink, erased]);
});

test('what came with the erasure in one batch is erased too', async () => {
  rig.happens(put('pen', 'a', 'mine'), put('ink', 'a', 'black'));
  rig.erases('item:pen');
  rig.happens(move('pen', 'b'));
  await rig.start([personal]);
  await rig.applied('items');
  expect(await notes()).toEqual([ink, { item: 'pen', shelf: 'b', note: ERASED }]);
});

test('a version that nobody feeds any more is erased as well', async () => {
  const before = await rig.start([earlier]);
  rig.happens(put('pen', 'a', 'mine'), put('ink', 'a', 'black'));
  await rig.applied('items');
  await before.stop();
  await rig.start([personal]);
  await rig.applied('items');
  rig.erases('item:pen');
  await rig.applied('items');
  const [kept, living] = await versions();
  expect([kept?.['state'], living?.['state']]).toEqual(['kept', 'living']);
  for (const version of [kept, living])
    expect(await notes(String(version?.['schema_name']))).toEqual([ink, { item: 'pen', shelf: 'a', note: ERASED }]);
});

test('a build from zero, after the keys are gone, gives the rows that were erased in place', async () => {
  const first = await rig.start([personal]);
  const told = rig.happens(put('pen', 'a', 'mine'), put('ink', 'a', 'black'), put('cup', 'a'));
  rig.erases('item:pen');
  await rig.applied('items');
  const scrubbed = await notes();
  await first.stop();
  // Without its key, the codec tells of the pen what a schema says is left of the text.
  Object.assign(told[0]?.data ?? {}, { note: ERASED });
  await rig.start([{ ...personal, version: 2 }]);
  await rig.applied('items');
  await until(async () => (await versions()).map(({ state }) => state).join() === 'kept,living');
  expect(await notes()).toEqual(scrubbed);
});

test('an erasure of which nothing else can be made out is carried out', async () => {
  await rig.start([personal]);
  const [event] = rig.happens(put('pen', 'a', 'mine'));
  await rig.applied('items');
  rig.log.push({ unreadable: unreadable(event, ['item:pen']) });
  rig.happens(put('ink', 'a', 'black'));
  await rig.applied('items');
  expect(await notes()).toEqual([ink, { item: 'pen', shelf: 'a', note: ERASED }]);
});

test('Postgres keeps no statistics of what the columns hold', async () => {
  await rig.start([personal]);
  rig.happens(...Array.from({ length: 20 }, (_, index) => put(`pen ${index}`, 'a', 'mine')));
  await rig.applied('items');
  const [living] = await versions();
  const schema = String(living?.['schema_name']);
  await rig.rowsOf(`analyze ${schema}.items`);
  expect(await rig.rowsOf(`select attname from pg_stats where schemaname = '${schema}' order by attname`)).toEqual(
    ['item', 'put_by', 'shelf'].map((attname) => ({ attname })),
  );
});

function unreadable(event: RecordedEvent | undefined, erases: readonly string[]) {
  if (event === undefined) throw new Error('nothing happened');
  const position = { commit: rig.head + 1n, prepare: rig.head + 1n };
  return { ...event, type: 'KeyDestroyed', revision: 99n, position, error: new Error('not JSON'), erases };
}
