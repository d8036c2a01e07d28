import { expect, test } from '@jest/globals';
import { fc } from '../../test/draws.js';
import { NumberBlocks } from './number-blocks.js';
import { looksGiven, numbersIn } from './numbers.js';

const dayOf = (moment: string) => moment.slice(0, 10).replaceAll('-', '');
const today = '2026-11-21T08:00:00.000Z';

/** Blocks of ten, as a store that all processes share hands them out. */
function sharedSeries() {
  const taken = new Map<string, number>();
  return async (seriesOfDay: string) => {
    await Promise.resolve();
    const before = taken.get(seriesOfDay) ?? 0;
    taken.set(seriesOfDay, before + 10);
    return { first: before + 1, last: before + 10 };
  };
}

test('the numbers of a day follow each other, and each series and each day begin anew', async () => {
  const numbers = new NumberBlocks({ takeBlock: sharedSeries(), dayOf });
  const given = await Promise.all(Array.from({ length: 25 }, () => numbers.next('L', today)));
  expect(given).toEqual(given.map((_, at) => `L-20261121-${String(at + 1).padStart(6, '0')}`));
  expect(await numbers.next('C', today)).toBe('C-20261121-000001');
  expect(await numbers.next('L', '2026-11-22T00:00:00.000Z')).toBe('L-20261122-000001');
});

test('however processes and restarts are mixed, no number is given twice', async () => {
  const step = fc.record({
    process: fc.nat(2),
    many: fc.nat(25),
    restarts: fc.boolean(),
    day: fc.constantFrom(21, 22),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step), async (steps) => {
      const start = () => new NumberBlocks({ takeBlock, dayOf });
      const takeBlock = sharedSeries();
      const processes = [start(), start(), start()];
      const given = await Promise.all(
        steps.flatMap(({ process, many, restarts, day }) => {
          if (restarts) processes[process] = start();
          const numbers = processes[process];
          if (numbers === undefined) return [];
          return Array.from({ length: many }, () => numbers.next('L', `2026-11-${day}T08:00:00.000Z`));
        }),
      );
      expect(new Set(given).size).toBe(given.length);
    }),
  );
});

test('a block that could not be had is asked for again', async () => {
  let fails = true;
  const takeBlock = () => (fails ? Promise.reject(new Error('no store')) : Promise.resolve({ first: 1, last: 10 }));
  const numbers = new NumberBlocks({ takeBlock, dayOf });
  const [one, other] = [numbers.next('L', today), numbers.next('L', today)];
  await expect(one).rejects.toThrow('no store');
  await expect(other).rejects.toThrow('no store');
  fails = false;
  expect(await numbers.next('L', today)).toBe('L-20261121-000001');
});

test('a number that was given is known by its look, whatever its width and case', () => {
  expect(['L-20261121-000123', 'l-20261121-000123 ', 'Ｌ-20261121-1000123'].map(looksGiven)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['L-2025-00001', '803991', 'C20261121000123'].map(looksGiven)).toEqual([false, false, false]);
  expect(numbersIn({ leadNumber: 'L-20261121-000123', source: 'L-20261121-000124' })).toEqual({
    leadNumber: 'L-20261121-000123',
  });
  expect(numbersIn({ leadNumber: '803991' })).toBeUndefined();
});
