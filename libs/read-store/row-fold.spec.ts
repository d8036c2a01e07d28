import { describe, expect, test } from '@jest/globals';
import type { Column, Row, RowChange } from '#kernel';
import { fc } from '../../test/draws.js';
import { TableShape } from './catalog.js';
import { RowFold } from './row-fold.js';

const shape = new TableShape('any', 'rows', [
  { table: 'rows', column: 'id', type: 'bigint', place: 1 },
  { table: 'rows', column: 'a', type: 'text', place: null },
  { table: 'rows', column: 'b', type: 'text', place: null },
  { table: 'rows', column: 'n', type: 'bigint', place: null },
]);
const shapes = new Map([['rows', shape]]);

const insert = (id: number, row: Row): RowChange => ({
  kind: 'insert',
  table: 'rows',
  key: { id },
  row: { id, ...row },
});
const patch = (id: number, set: Row): RowChange => ({ kind: 'patch', table: 'rows', key: { id }, set });
const add = (id: number, n: number): RowChange => ({ kind: 'add', table: 'rows', key: { id }, amounts: { n } });
const remove = (id: number): RowChange => ({ kind: 'delete', table: 'rows', key: { id } });

const folded = (...changes: readonly RowChange[]): readonly RowChange[] => {
  const fold = new RowFold(shapes);
  fold.add(changes);
  return [...fold.tables()].flatMap((table) => [...table.changes]);
};

/** What Postgres does with one change; columns an insert does not name have their defaults. */
const written = (rows: ReadonlyMap<unknown, Row>, changes: readonly RowChange[]): Map<unknown, Row> => {
  const after = new Map(rows);
  for (const change of changes) {
    const id = change.key['id'];
    const row = after.get(id);
    if (change.kind === 'delete') after.delete(id);
    else if (change.kind === 'insert') after.set(id, { ...EMPTY, ...change.row });
    else if (change.kind === 'add')
      after.set(
        id,
        row ? { ...row, n: sum(row['n'], change.amounts['n']) } : { ...EMPTY, ...change.key, ...change.amounts },
      );
    else if (row !== undefined) after.set(id, { ...row, ...change.set });
  }
  return after;
};

const EMPTY = { a: null, b: null, n: 10 };
const sum = (n: Column | undefined, more: number | bigint = 0) => Number(n ?? 0) + Number(more);
const inNumbers = (rows: ReadonlyMap<unknown, Row>) =>
  new Map([...rows].map(([id, row]) => [id, { ...row, n: sum(row['n']) }]));

describe('changes of one row become one', () => {
  test('a patch lands in the insert before it', () => {
    expect(folded(insert(1, { a: 'x' }), patch(1, { b: 'y' }))).toEqual([insert(1, { a: 'x', b: 'y' })]);
  });
  test('patches merge, the later wins', () => {
    expect(folded(patch(1, { a: 'x', b: 'x' }), patch(1, { b: 'y' }))).toEqual([patch(1, { a: 'x', b: 'y' })]);
  });
  test('a deleted row is not brought back by a patch', () => {
    expect(folded(insert(1, {}), remove(1), patch(1, { a: 'x' }))).toEqual([remove(1)]);
  });
  test('a row inserted after its deletion replaces the old one', () => {
    expect(folded(patch(1, { a: 'x' }), remove(1), insert(1, { b: 'y' }))).toEqual([insert(1, { b: 'y' })]);
  });
  test('amounts add up, also to what an insert says', () => {
    expect(folded(add(1, 2), add(1, 3))).toEqual([{ ...add(1, 0), amounts: { n: 5n } }]);
    expect(folded(insert(1, { n: null }), add(1, 2))).toEqual([insert(1, { n: 2n })]);
  });
  test('what cannot become one change stays in order', () => {
    expect(folded(insert(1, {}), add(1, 2), patch(1, { a: 'x' }), patch(1, { b: 'y' }))).toEqual([
      insert(1, {}),
      add(1, 2),
      patch(1, { a: 'x', b: 'y' }),
    ]);
  });
  test('two spellings of one key are one row', () => {
    const spelt: RowChange = { kind: 'patch', table: 'rows', key: { id: '07' }, set: { a: 'x' } };
    expect(folded(spelt, patch(7, { a: 'y' }))).toEqual([{ ...spelt, set: { a: 'y' } }]);
  });
});

test('any split of the same changes into batches gives the same rows', () => {
  const text = fc.constantFrom('1', '2', '3', null);
  const row = fc.record({ a: text, b: text, n: fc.constantFrom(1, 2, null) }, { requiredKeys: [] });
  const set = fc.record({ a: text, b: text, n: fc.constantFrom(4, 5) }, { requiredKeys: [] });
  const id = fc.integer({ min: 1, max: 3 });
  const change = fc.oneof(
    fc.tuple(id, row).map(([of, values]) => insert(of, values)),
    fc.tuple(id, set).map(([of, values]) => patch(of, values)),
    fc.tuple(id, fc.integer({ min: -2, max: 2 })).map(([of, amount]) => add(of, amount)),
    id.map(remove),
  );
  fc.assert(
    fc.property(fc.array(fc.array(change)), (split) => {
      const inBatches = split.reduce<Map<unknown, Row>>((rows, batch) => written(rows, folded(...batch)), new Map());
      const oneByOne = written(new Map(), split.flat());
      expect(inNumbers(inBatches)).toEqual(inNumbers(oneByOne));
    }),
  );
});

test('a change that names no table or no key of the schema is refused', () => {
  expect(() => folded({ kind: 'delete', table: 'others', key: {} })).toThrow('no table others');
  expect(() => folded({ kind: 'delete', table: 'rows', key: { id: null } })).toThrow('has no value');
});
