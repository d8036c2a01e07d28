import { expect, test } from '@jest/globals';
import { explained } from './projections-actions.js';

test('a row that differs is told by its columns, and of a person only whether they are there', () => {
  const row = (name: string | null, city: string) => JSON.stringify({ id: 'k', name, city });
  const difference = { table: 'customer', key: { id: 'k' }, keyText: 'k', events: [] };
  const tell = (living: string, rebuilt: string) =>
    explained({ ...difference, living, rebuilt }, new Set(['customer.name']));
  expect(tell(row('李雷', 'A'), row('[erased]', 'B'))).toMatch(
    /name: readers see something personal, a rebuild has \[erased\]\n +city: readers see "A", a rebuild has "B"/,
  );
  expect(tell(row('李雷', 'A'), row(null, 'A'))).toMatch(/something personal, a rebuild has nothing/);
});
