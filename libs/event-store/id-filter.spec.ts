import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { IdFilter } from './id-filter.js';

const ids = (count: number) => Array.from({ length: count }, () => randomUUID());

test('what was added is never denied', () => {
  const filter = new IdFilter();
  const added = ids(5_000);
  for (const id of added) filter.add(id);
  expect(added.every((id) => filter.mayHold(id))).toBe(true);
});

test('an empty filter holds nothing', () => {
  expect(new IdFilter().mayHold('a')).toBe(false);
});

test('what was never added is seldom taken for one that was: a long stream is hardly ever searched in vain', () => {
  const filter = new IdFilter();
  for (const id of ids(10_000)) filter.add(id);
  expect(ids(10_000).filter((id) => filter.mayHold(id)).length).toBeLessThan(150);
});
