import { expect } from '@jest/globals';
import type { Row } from './data-set.js';
import { dataSet, keyed, money, optionalMoney } from './data-set.js';

const MINUTES = 60_000;
const { check, importIt, rows, expected, settled, customersWith } = await dataSet('marketing-funnel');
const conversion = (row: Row) => ({ leads: row['captured'], won: row['converted'], conversion: row['conversion'] });

check(
  'every row goes in; a second time adds no event',
  async () => {
    const first = await importIt();
    expect(first.records.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(0);
    expect((await importIt()).events).toBe(0);
    await settled();
  },
  30 * MINUTES,
);

check('conversion in all, by origin and by month of the first contact', async () => {
  const total = (name: string) => expected(`answers.totals.${name}`);
  const [all = {}] = await rows('lead-funnel');
  const inAll = { leads: await total('leads'), won: await total('won'), conversion: await total('conversion') };
  expect(conversion(all)).toEqual(inAll);
  expect(keyed(await rows('lead-funnel?by=source'), 'key', conversion)).toEqual(await expected('answers.by_origin'));
  const byMonth = keyed(await rows('lead-funnel?per=month'), 'period', conversion);
  expect(byMonth).toEqual(await expected('answers.by_contact_month'));
});

check('won deals by month, by person, with known amounts', async () => {
  const total = (name: string) => expected(`answers.totals.${name}`);
  const byMonth = keyed(await rows('performance?per=month'), 'period', ({ won }) => won);
  expect(byMonth).toEqual(await expected('answers.won_by_won_month'));
  expect((await rows('performance?by=owner')).length).toBe(await total('distinct_sr'));
  const people = (await rows('lead-funnel?by=first_owner')).filter(({ key }) => key !== null);
  expect(people.length).toBe(await total('distinct_sdr'));
  const [all = {}] = await rows('performance');
  expect(all['won_with_amount']).toBe(await total('deals_with_positive_declared_revenue'));
  expect(money(all['revenue']) / 100).toBe(await total('declared_monthly_revenue_sum'));
});

check('who developed and closed a deal alone, and sellers whom the table of sellers knows', async () => {
  const converted = async (by: string) =>
    new Map(
      (await rows(`lead-funnel-rows?by=${by}`))
        .filter((row) => row['converted_event_id'] !== null)
        .map((row) => [row['lead_id'], row['key']]),
    );
  const [first, last] = [await converted('first_owner'), await converted('owner')];
  const alone = [...first].filter(([lead, owner]) => last.get(lead) === owner);
  expect(alone).toHaveLength(Number(await expected('answers.totals.same_person_sdr_and_sr')));
  expect(await customersWith('city')).toBe(await expected('answers.totals.sellers_found_in_seller_table'));
});

check('days from first contact to conversion, one of them negative and listed as such', async () => {
  const [all = {}] = await rows('lead-cycle');
  const { n, mean_days, median_days, min_days, max_days, negative, le_7, le_30, le_90, gt_180 } = all;
  const days = { n, mean: mean_days, median: median_days, min: min_days, max: max_days };
  expect({ ...days, negative, le_7, le_30, le_90, gt_180 }).toEqual(await expected('answers.days_to_close'));
  expect((await rows('data-quality')).map(({ finding }) => String(finding)).join()).toMatch(/before/);
});

check('return on campaigns', async () => {
  const found = keyed(await rows('roi?by=source'), 'key', (row) => ({
    cost_cents: optionalMoney(row['cost']),
    leads: row['leads'],
    won: row['won'],
    cost_per_lead_cents: row['cost_per_lead'],
    cost_per_won_cents: row['cost_per_won'],
    signed_cents: optionalMoney(row['signed']),
    roi_signed: row['roi_signed'],
  }));
  expect(found).toEqual(await expected('by_origin', 'expected-roi.json'));
  const [all = {}] = await rows('roi?by=total');
  expect({ cost_cents: money(all['cost']), leads: all['leads'], won: all['won'] }).toEqual(
    await expected('total', 'expected-roi.json'),
  );
});
