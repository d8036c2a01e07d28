import { expect } from '@jest/globals';
import type { Row } from './data-set.js';
import { dataSet, keyed, money, six } from './data-set.js';

const MINUTES = 60_000;
const { check, importIt, rows, expected, settled } = await dataSet('crm-sales');
const results = (row: Row) => ({
  opportunities: row['opportunities'],
  won: row['won'],
  lost: row['lost'],
  open: row['open'],
  win_rate: row['win_rate'],
  revenue: money(row['revenue']) / 100,
  avg_won_value: six(money(row['revenue']) / 100 / Number(row['won'])),
  avg_cycle_days_won: row['won_cycle_mean_days'],
  avg_cycle_days_closed: row['closed_cycle_mean_days'],
});

check(
  'every row goes in, GTXPro read as GTX Pro; a second time adds no event',
  async () => {
    const first = await importIt();
    expect(first.records.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(0);
    const respelt = first.records.flatMap(({ respellings }) => respellings);
    expect(respelt).toContainEqual(
      expect.objectContaining({
        from: 'GTXPro',
        to: 'GTX Pro',
        rows: await expected('answers.totals.product_name_mismatch_rows'),
      }),
    );
    expect((await importIt()).events).toBe(0);
    await settled();
  },
  30 * MINUTES,
);

check('totals', async () => {
  const total = (name: string) => expected(`answers.totals.${name}`);
  const [all = {}] = await rows('performance');
  expect(results(all)).toMatchObject({
    opportunities: await total('opportunities'),
    win_rate: await total('win_rate'),
    revenue: await total('won_revenue'),
    avg_won_value: await total('avg_won_value'),
  });
  expect(Number(all['median_won_amount']) / 100).toBe(await total('median_won_value'));
  // A closed deal lies in no stage: it is won or lost.
  const open = { Prospecting: await total('by_stage.Prospecting'), Engaging: await total('by_stage.Engaging') };
  expect(keyed(await rows('opportunity-snapshot'), 'stage_name', ({ n }) => n)).toEqual({
    ...open,
    won: await total('by_stage.Won'),
    lost: await total('by_stage.Lost'),
  });
  const nobody = (await rows('opportunity-snapshot?by=customer')).filter(({ key }) => key === null);
  expect(keyed(nobody, 'stage_name', ({ n }) => n)).toEqual(await total('without_account_by_stage'));
  const idle = (await rows('employees-without-opportunities')).filter(({ reports }) => reports === 0);
  expect(idle.map(({ name }) => name)).toEqual(await total('agents_without_opportunities'));
  expect((await rows('performance?by=owner')).length).toBe(await total('agents_with_opportunities'));
});

check.each([
  ['unit', 'by_region'],
  ['manager', 'by_manager'],
])('by %s', async (dimension, answer) => {
  const found = keyed(await rows(`performance?by=${dimension}`), 'label', results);
  expect(found).toEqual(await expected(`answers.${answer}`));
});

check('by quarter of closing', async () => {
  const found = keyed(await rows('performance?per=quarter'), 'period', (row) => ({
    won: row['won'],
    lost: row['lost'],
    win_rate: row['win_rate'],
    revenue: money(row['revenue']) / 100,
  }));
  expect(found).toEqual(await expected('answers.closed_by_quarter'));
});

check('days from opening to closing', async () => {
  const found = keyed(await rows('sales-cycle'), 'outcome', (row) => ({
    n: row['n'],
    mean: row['mean_days'],
    median: row['median_days'],
    min: row['min_days'],
    max: row['max_days'],
  }));
  expect(found).toEqual(await expected('answers.cycle_days'));
});
