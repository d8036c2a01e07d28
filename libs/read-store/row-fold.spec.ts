import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Row, RowChange } from '#kernel';
import { TableShape } from './catalog.js';
import { RowFold } from './row-fold.js';

const shape = new TableShape('any', 'rows', [
  { table: 'rows', column: 'id', type: 'bigint', place: 1 },
  { table: 'rows', column: 'a', type: 'text', place: null },
  { table: 'rows', column: 'b', type: 'text', place: null },
]);
const shapes = new Map([['rows', shape]]);

const insert = (id: number, row: Row): RowChange => ({
  kind: 'insert',
  table: 'rows',
  key: { id },
  row: { id, ...row },
});
const patch = (id: number, set: Row): RowChange => ({ kind: 'patch', table: 'rows', key: { id }, set });
const remove = (id: number): RowChange => ({ kind: 'delete', table: 'rows', key: { id } });

const folded = (...changes: readonly RowChange[]): readonly RowChange[] => {
  const fold = new RowFold(shapes);
  fold.add(changes);
  return [...fold.tables()].flatMap((table) => [...table.changes]);
};

/** What Postgres does with one change; columns an insert does not name are null. */
const written = (rows: ReadonlyMap<unknown, Row>, changes: readonly RowChange[]): Map<unknown, Row> => {
  const after = new Map(rows);
  for (const change of changes) {
    const id = change.key['id'];
    const row = after.get(id);
    if (change.kind === 'delete') after.delete(id);
    else if (change.kind === 'insert') after.set(id, { a: null, b: null, ...change.row });
    else if (row !== undefined) after.set(id, { ...row, ...change.set });
  }
  return after;
};

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
  test('two spellings of one key are one row', () => {
    const spelt: RowChange = { kind: 'patch', table: 'rows', key: { id: '07' }, set: { a: 'x' } };
    expect(folded(spelt, patch(7, { a: 'y' }))).toEqual([{ ...spelt, set: { a: 'y' } }]);
  });
});

test('any split of the same changes into batches gives the same rows', () => {
  const set = fc.record({ a: fc.constantFrom('1', '2', '3'), b: fc.constantFrom('1', '2', '3') }, { requiredKeys: [] });
  const change = fc.tuple(fc.integer({ min: 1, max: 3 }), set, fc.constantFrom(insert, patch, remove));
  const batches = fc.array(fc.array(change.map(([id, row, make]) => make(id, row))));
  fc.assert(
    fc.property(batches, (split) => {
      const inBatches = split.reduce<Map<unknown, Row>>((rows, batch) => written(rows, folded(...batch)), new Map());
      const oneByOne = written(new Map(), split.flat());
      expect(inBatches).toEqual(oneByOne);
    }),
  );
});

test('a change that names no table or no key of the schema is refused', () => {
  expect(() => folded({ kind: 'delete', table: 'others', key: {} })).toThrow('no table others');
  expect(() => folded({ kind: 'delete', table: 'rows', key: { id: null } })).toThrow('has no value');
});
