import { expect, test } from '@jest/globals';
import { lose, open, reopen, tellProcess, win } from '../../test/projections/deals.js';
import { project } from '../../test/projections/project.js';
import { Story } from '../../test/projections/story.js';

const story = new Story();
tellProcess(story);
const customer = (id: string, name: string, parentId?: string) =>
  story.tell(`customer-${id}`, '2020-01-01', 'CustomerRegistered', {
    customerId: id,
    partyType: 'company',
    profile: { legalName: name },
    classification: { industry: 'retail' },
    parentId,
  });
customer('k1', 'Alpha');
customer('k2', 'Beta', 'k1');
customer('k3', 'Gamma');
story
  .tell('employee-max', '2020-01-01', 'EmployeeHired', { employeeId: 'max', name: 'Max' })
  .tell('employee-ada', '2020-01-01', 'EmployeeHired', { employeeId: 'ada', name: 'Ada', managerId: 'max' })
  .tell('employee-eve', '2020-01-01', 'EmployeeHired', { employeeId: 'eve', name: 'Eve', managerId: 'max' })
  .tell('employee-new', '2021-06-01', 'EmployeeHired', { employeeId: 'new', name: 'New', hiredOn: '2021-06-01' })
  .tell('product-p1', '2020-01-01', 'ProductListed', { productId: 'p1', name: 'GTX Pro', series: 'GTX' });

const ada = { owner: 'ada', manager: 'max', unit: 'east' };
// Ada moved from East to West between her deals: each keeps the unit of its day.
open(story, '1', '2021-01-01', { ...ada, customerId: 'k1', productId: 'p1' });
win(story, '1', '2021-01-11', { ...ada, finalAmount: 1_001, visit: 1 });
open(story, '2', '2021-01-01', { ...ada, customerId: 'k2' });
win(story, '2', '2021-04-01', { ...ada, unit: 'west', finalAmount: 2_000, visit: 1 });
// Of unknown amount, in March.
open(story, '3', '2021-03-01', { ...ada, customerId: 'k3' });
win(story, '3', '2021-03-02', { ...ada, visit: 1 });
open(story, '4', '2021-03-01', { owner: 'bob', manager: 'mia' });
lose(story, '4', '2021-03-31', { owner: 'bob', manager: 'mia', visit: 1 });
// Another currency.
open(story, '5', '2021-05-01', { ...ada, customerId: 'k1' });
win(story, '5', '2021-05-03', { ...ada, finalAmount: 70, currency: 'USD', visit: 1 });
// Won in February, reopened in May, won again in June for less: from the first opening to the win that stands.
open(story, '6', '2021-02-01', { owner: 'bob', customerId: 'k3' });
win(story, '6', '2021-02-03', { owner: 'bob', finalAmount: 5_000, visit: 1 });
reopen(story, '6', '2021-05-20', { closing: 1, visit: 2 });
win(story, '6', '2021-06-01', { owner: 'bob', finalAmount: 4_000, closing: 2, visit: 2 });
// Handed over, still open, of nobody's customer.
open(story, '7', '2021-05-01', { owner: 'bob' });
story.tell(
  'opportunity-7',
  '2021-05-02',
  'OpportunityTransferred',
  { opportunityId: '7', fromOwner: 'bob', toOwner: 'ada' },
  { org: { ownerId: 'ada', unitId: 'west', managerPath: ['max'] } },
);
// Imported without an opening day, closed on a known one.
open(story, '8', '2021-07-01', { owner: 'bob', isImport: true });
win(story, '8', '2021-01-15', { owner: 'bob', finalAmount: 10, visit: 1 });

const { rows } = await project(story.events);

test('totals: counts of all deals, money per currency, an unknown amount adds nothing', async () => {
  expect(await rows(`select * from performance() order by currency`)).toEqual([
    {
      ...{ key: 'total', label: 'total', period: null, opportunities: 8, won: 6, lost: 1, abandoned: 0, open: 1 },
      ...{ closed: 7, win_rate: 0.857143, currency: 'CNY', won_with_amount: 4, revenue: 7_011 },
      ...{ mean_won_amount: 1_752.75, median_won_amount: null },
      // Won: 10, 90, 1, 2 and 120 days, number 8 left out; lost: 30.
      ...{ won_cycle_n: 5, won_cycle_mean_days: 44.6, closed_cycle_n: 6, closed_cycle_mean_days: 42.166667 },
    },
    expect.objectContaining({ currency: 'USD', opportunities: 8, won: 6, won_with_amount: 1, revenue: 70 }),
  ]);
});

test('before every event there are no deals, and where nothing was closed there is no rate', async () => {
  expect(await rows(`select * from performance(as_of => '2020-12-31')`)).toEqual([]);
  expect(await rows(`select won, open, win_rate, revenue from performance(as_of => moment('2021-01-05'))`)).toEqual([
    { won: 0, open: 2, win_rate: null, revenue: 0 },
  ]);
});

test('by quarter of closing, without what is open; a win that was taken back counts where the later one lies', async () => {
  const quarters = (asOf: string) =>
    rows(
      `select period, won, lost, open, win_rate, revenue from performance(per => 'quarter', as_of => moment($1))
       where currency is distinct from 'USD' order by period`,
      asOf,
    );
  expect(await quarters('2021-12-31')).toEqual([
    { period: '2021-Q1', won: 3, lost: 1, open: 0, win_rate: 0.75, revenue: 1_011 },
    { period: '2021-Q2', won: 3, lost: 0, open: 0, win_rate: 1, revenue: 6_000 },
  ]);
  // Number 8 was recorded in July only, but it was closed in January: business time knows it from then on.
  expect(await quarters('2021-03-31')).toEqual([
    { period: '2021-Q1', won: 4, lost: 1, open: 0, win_rate: 0.8, revenue: 6_011 },
  ]);
  expect(
    await rows(`select won from performance(as_of => moment('2021-03-31'), known_at => moment('2021-03-31'))`),
  ).toEqual([{ won: 3 }]);
});

test('credit by owner, manager and unit as frozen; open deals by their owner of the day', async () => {
  const by = (dimension: string, asOf = '2021-12-31') =>
    rows(
      `select key, sum(won)::int as won, max(open)::int as open from performance(by => $1, as_of => moment($2))
       where currency is distinct from 'USD' group by key order by key`,
      dimension,
      asOf,
    );
  expect(await by('owner')).toEqual([
    { key: 'ada', won: 4, open: 1 },
    { key: 'bob', won: 2, open: 0 },
  ]);
  expect(await by('owner', '2021-05-01')).toEqual([
    { key: 'ada', won: 3, open: 1 },
    { key: 'bob', won: 2, open: 1 },
  ]);
  expect(await by('unit')).toEqual([
    { key: 'east', won: 3, open: 0 },
    { key: 'west', won: 1, open: 1 },
    { key: null, won: 2, open: 0 },
  ]);
  expect(await by('manager')).toMatchObject([{ key: 'max', won: 4 }, { key: 'mia', won: 0 }, { key: null }]);
});

test('by product, customer and parent, under the names they have', async () => {
  const by = (dimension: string) =>
    rows(
      `select label, won, revenue from performance(by => $1) where currency = 'CNY' and key is not null order by label`,
      dimension,
    );
  expect(await by('product')).toEqual([{ label: 'GTX Pro', won: 1, revenue: 1_001 }]);
  expect(await by('series')).toEqual([{ label: 'GTX', won: 1, revenue: 1_001 }]);
  expect(await by('customer')).toEqual([
    { label: 'Alpha', won: 2, revenue: 1_001 },
    { label: 'Beta', won: 1, revenue: 2_000 },
    { label: 'Gamma', won: 2, revenue: 4_000 },
  ]);
  expect(await by('parent')).toEqual([
    { label: 'Alpha', won: 3, revenue: 3_001 },
    { label: 'Gamma', won: 2, revenue: 4_000 },
  ]);
  expect(await by('industry')).toEqual([{ label: 'retail', won: 5, revenue: 7_001 }]);
});

test('the cycle of won, lost and closed deals, with its n', async () => {
  expect(
    await rows(`select outcome, n, mean_days, median_days, min_days, max_days from sales_cycle() order by outcome`),
  ).toEqual([
    { outcome: 'closed', n: 6, mean_days: 42.166667, median_days: 20, min_days: 1, max_days: 120 },
    { outcome: 'lost', n: 1, mean_days: 30, median_days: null, min_days: 30, max_days: 30 },
    { outcome: 'won', n: 5, mean_days: 44.6, median_days: 10, min_days: 1, max_days: 120 },
  ]);
});

test('the share of the top customers, each for itself and rolled up to parents', async () => {
  const share = (rollUp: boolean) =>
    rows(
      `select customers, top_customers, revenue, top_revenue, share, gini from customer_share(roll_up => $1)
       where currency = 'CNY'`,
      rollUp,
    );
  // 4,000, 2,000 and 1,001; Gini = (−2·1001 + 0·2000 + 2·4000) ÷ (3 · 7001).
  expect(await share(false)).toEqual([
    { customers: 3, top_customers: 1, revenue: 7_001, top_revenue: 4_000, share: 0.571347, gini: 0.285578 },
  ]);
  expect(await share(true)).toMatchObject([{ customers: 2, top_customers: 1, top_revenue: 4_000 }]);
  // In dollars only Alpha bought; the others count with nothing.
  expect(
    await rows(`select place, label, revenue from customer_share_rows() where currency = 'USD' order by place`),
  ).toEqual([
    { place: 1, label: 'Alpha', revenue: 70 },
    { place: 2, label: 'Beta', revenue: 0 },
    { place: 3, label: 'Gamma', revenue: 0 },
  ]);
});

test('who never had an opportunity, as of a day', async () => {
  const idle = (asOf: string) =>
    rows(`select name, reports from employees_without_opportunities(as_of => moment($1)) order by name`, asOf);
  expect(await idle('2021-12-31')).toEqual([
    { name: 'Eve', reports: 0 },
    { name: 'Max', reports: 2 },
    { name: 'New', reports: 0 },
  ]);
  expect(await idle('2021-01-31')).toEqual([
    { name: 'Eve', reports: 0 },
    { name: 'Max', reports: 2 },
  ]);
});

test('the rows of a figure are as many as the figure says, each with its events', async () => {
  expect(
    await rows(`select opportunity_id, opened_event_id, closing_event_id from performance_rows(by => 'manager')
                where key = 'max' and status = 'won' order by 1`),
  ).toEqual(
    ['1', '2', '3', '5'].map((id) => ({
      opportunity_id: id,
      opened_event_id: `opportunity-${id}@0`,
      closing_event_id: `opportunity-${id}@1`,
    })),
  );
});
