import { expect, test } from '@jest/globals';
import { advance, lose, open, regress, reopen, skip, tellProcess, win } from '../../test/projections/deals.js';
import { project } from '../../test/projections/project.js';
import { Story } from '../../test/projections/story.js';

const story = new Story();
tellProcess(story);
// Through all stages, won, 30 days.
open(story, 'a', '2021-01-01', { amount: 1_000, owner: 'ada' });
advance(story, 'a', '2021-01-11', 1, 2);
win(story, 'a', '2021-01-31', { finalAmount: 900, visit: 2 });
// Goes forward, back and forward again, still open; its worth is revised on 1 March.
open(story, 'b', '2021-01-05', { amount: 2_000, owner: 'bob' });
advance(story, 'b', '2021-01-10', 1, 2);
regress(story, 'b', '2021-01-20', 2, 3);
advance(story, 'b', '2021-02-20', 3, 4);
story.tell('opportunity-b', '2021-03-01', 'AmountRevised', {
  opportunityId: 'b',
  old: { amount: 2_000, currency: 'CNY' },
  new: { amount: 2_500, currency: 'CNY' },
});
// Won, reopened after a month, lost; the reopening was learned ten days late.
open(story, 'c', '2021-02-01', { owner: 'ada' });
win(story, 'c', '2021-02-10', { finalAmount: 700, visit: 1 });
reopen(story, 'c', '2021-03-10', { closing: 1, visit: 2 }, '2021-03-20');
lose(story, 'c', '2021-04-01', { closing: 2, visit: 2 }, '2021-04-02');
// Imported, nobody knows since when; in another currency.
open(story, 'd', '2021-05-01', { amount: 50, currency: 'USD', isImport: true });

const skipper = new Story();
tellProcess(skipper);
open(skipper, 's', '2021-01-01');
skip(skipper, 's', '2021-01-02', 1, 2);

const { rows } = await project(story.events);
const skipping = await project(skipper.events);

const snapshot = (asOf: string, knownAt = '2022-01-01') =>
  rows(
    `select stage_name, n, older, currency, with_amount, amount from opportunity_snapshot(as_of => moment($1),
     known_at => moment($2), older_than_days => 30) order by stage_order, stage_name, currency`,
    asOf,
    knownAt,
  );
const none = { currency: null, with_amount: 0, amount: 0 };

test('a snapshot shows stages and amounts as they were on any day', async () => {
  expect(await snapshot('2020-12-31')).toEqual([]);
  expect(await snapshot('2021-01-10')).toEqual([
    { stage_name: 'Contact', n: 1, older: 0, currency: 'CNY', with_amount: 1, amount: 1_000 },
    { stage_name: 'Offer', n: 1, older: 0, currency: 'CNY', with_amount: 1, amount: 2_000 },
  ]);
  expect(await snapshot('2021-02-10')).toEqual([
    { stage_name: 'Contact', n: 1, older: 1, currency: 'CNY', with_amount: 1, amount: 2_000 },
    { stage_name: 'won', n: 2, older: 0, currency: 'CNY', with_amount: 2, amount: 1_600 },
  ]);
});

test('a reopening that was learned later is not seen before', async () => {
  expect(await snapshot('2021-03-12', '2021-03-19')).toMatchObject([
    { stage_name: 'Offer', n: 1, amount: 2_500 },
    { stage_name: 'won', n: 2 },
  ]);
  expect(await snapshot('2021-03-12')).toMatchObject([
    { stage_name: 'Contact', n: 1, ...none, older: 1 },
    { stage_name: 'Offer', n: 1 },
    { stage_name: 'won', n: 1 },
  ]);
});

test('what has no opening day lies in no earlier snapshot, counts in the stage totals and never as old; currencies stay apart', async () => {
  expect(await snapshot('2021-04-30')).toHaveLength(3);
  expect(await snapshot('2021-12-31')).toEqual([
    { stage_name: 'Contact', n: 1, older: 0, currency: 'USD', with_amount: 1, amount: 50 },
    { stage_name: 'Offer', n: 1, older: 1, currency: 'CNY', with_amount: 1, amount: 2_500 },
    { stage_name: 'lost', n: 1, older: 0, ...none },
    { stage_name: 'won', n: 1, older: 0, currency: 'CNY', with_amount: 1, amount: 900 },
  ]);
});

test('cohort conversion: a voided win is none, re-entries count once, lost ones stay in', async () => {
  const conversion = (parameters: string) =>
    rows(`select n, reached, matured, is_mature from opportunity_conversion(${parameters})`);
  const noHorizon = { matured: null, is_mature: null };
  expect(await conversion('')).toEqual([{ n: 4, reached: 1, ...noHorizon }]);
  expect(await conversion(`as_of => '2021-02-28'`)).toEqual([{ n: 3, reached: 2, ...noHorizon }]);
  expect(await conversion(`to_stage => 'offer', as_of => '2021-02-01T12:00:00Z'`)).toEqual([
    { n: 3, reached: 2, ...noHorizon },
  ]);
  expect(await conversion(`from_stage => 'offer', to_stage => 'won'`)).toEqual([{ n: 2, reached: 1, ...noHorizon }]);
  // Within 29 days nobody won, and the one whose opening day nobody knows is left out.
  expect(await conversion(`horizon_days => 29, entered_until => '2021-03-01', as_of => '2021-12-31'`)).toEqual([
    { n: 3, reached: 0, matured: 3, is_mature: true },
  ]);
  expect(await conversion(`horizon_days => 30, entered_until => '2021-03-01', as_of => '2021-12-31'`)).toMatchObject([
    { n: 3, reached: 1 },
  ]);
});

test('flow counts every exit, time in stage every visit or all visits together', async () => {
  expect(
    await rows(`select stage_id, exits, advanced, regressed, won, lost from opportunity_flow() order by stage_order`),
  ).toEqual([
    { stage_id: 'contact', exits: 5, advanced: 3, regressed: 0, won: 1, lost: 1 },
    { stage_id: 'offer', exits: 2, advanced: 0, regressed: 1, won: 1, lost: 0 },
  ]);
  const time = (summed: boolean) =>
    rows(
      `select stage_id, n, mean_days, median_days, open_n, open_max_days
       from opportunity_time_in_stage(summed => $1, as_of => '2021-06-01T09:00:00Z') order by stage_order`,
      summed,
    );
  // Contact: a 10, b 5 and 31, c 9 and 22 days; offer: a 20, b 10 days and since 20 February.
  expect(await time(false)).toEqual([
    { stage_id: 'contact', n: 5, mean_days: 15.4, median_days: 10, open_n: 0, open_max_days: null },
    { stage_id: 'offer', n: 2, mean_days: 15, median_days: null, open_n: 1, open_max_days: 101 },
  ]);
  expect(await time(true)).toMatchObject([
    { stage_id: 'contact', n: 3, mean_days: 25.666667, open_n: 0 },
    { stage_id: 'offer', n: 1, mean_days: 20, open_n: 1, open_max_days: 111 },
  ]);
});

test('every figure opens into rows with the events that made it', async () => {
  expect(
    await rows(
      `select opportunity_id, stage_event_id from opportunity_snapshot_rows(as_of => moment('2021-03-12')) order by 1`,
    ),
  ).toEqual([
    { opportunity_id: 'a', stage_event_id: 'opportunity-a@2' },
    { opportunity_id: 'b', stage_event_id: 'opportunity-b@3' },
    { opportunity_id: 'c', stage_event_id: 'opportunity-c@2' },
  ]);
});

test('who skipped a stage has reached it, but never entered it', async () => {
  expect(await skipping.rows(`select n, reached from opportunity_conversion(to_stage => 'offer')`)).toEqual([
    { n: 1, reached: 1 },
  ]);
  expect(await skipping.rows(`select n from opportunity_conversion(from_stage => 'offer')`)).toEqual([]);
});
