import { expect, test } from '@jest/globals';
import { project } from '../../test/projections/project.js';
import { calendar } from './calendar.projection.js';

// Days here begin at 04:00 or, in winter, at 05:00 in UTC.
const { rows } = await project([], { projections: [calendar('America/New_York')] });
const value = async (expression: string) => (await rows(`select ${expression} as value`))[0]?.['value'];

test('days begin and end in the reporting zone, also when clocks change', async () => {
  expect(await value(`business_day('2021-03-01T04:59:59Z')`)).toBe('2021-02-28');
  expect(await value(`business_day('2021-03-01T05:00:00Z')`)).toBe('2021-03-01');
  expect(await value(`end_of_day('2021-03-13') + interval '1 microsecond'`)).toBe('2021-03-14T05:00:00.000Z');
  expect(await value(`end_of_day('2021-03-14') + interval '1 microsecond'`)).toBe('2021-03-15T04:00:00.000Z');
  expect(await value(`moment('2021-03-14') = end_of_day('2021-03-14')`)).toBe(true);
  expect(await value(`moment('2021-03-14T10:00:00+08:00')`)).toBe('2021-03-14T02:00:00.000Z');
});

test('periods are named and end where the next begins', async () => {
  const periods = ['week', 'month', 'quarter', 'year'];
  const of = (day: string) =>
    Promise.all(periods.map((per) => value(`period_of('${day}', '${per}') || ' ' || period_end('${day}', '${per}')`)));
  expect(await of('2021-01-03')).toEqual([
    '2020-W53 2021-01-04',
    '2021-01 2021-02-01',
    '2021-Q1 2021-04-01',
    '2021 2022-01-01',
  ]);
  await expect(value(`period_of('2021-01-03', 'day')`)).rejects.toThrow('calendar_period');
});

test('ratios have six places and no value over nothing', async () => {
  expect(await value('ratio(2, 3)')).toBe(0.666667);
  expect(await value('ratio(2, 0)')).toBeNull();
  expect(await value('ratio(-1, 1)')).toBe(-1);
});

test('the median is exact, of an even number the middle between two, and withheld under five', async () => {
  expect(await value('median(array[5, 1, 3, null, 2, 4])')).toBe(3);
  expect(await value('median(array[1, 2, 3, 4, 5, 100])')).toBe(3.5);
  expect(
    await value(`(median(array[9007199254740993, 9007199254740993, 9007199254740994,
    9007199254740995, 9007199254740995, 9007199254740995]))::text`),
  ).toBe('9007199254740994.500000');
  expect(await value('median(array[1, 2, 3, 4])')).toBeNull();
  expect(await value('median(null)')).toBeNull();
  expect(await value('percentile(array[0, 1, 2, 3, 4], 0.75)')).toBe(3);
  expect(await value('percentile(array[0, 1, 2, 3], 0.75)')).toBeNull();
});
