import { expect, test } from '@jest/globals';
import { open, tellProcess, win } from '../../test/projections/deals.js';
import { project } from '../../test/projections/project.js';
import { Story } from '../../test/projections/story.js';

const story = new Story();
tellProcess(story);
const next = (visit: number) => ({ ends: visit, begins: visit + 1 });
const book = (campaignId: string, costId: string, at: string, amount: number, currency = 'CNY') =>
  story.tell(`campaign-${campaignId}`, at, 'CampaignCostBooked', {
    ...{ campaignId, costId, bookedFor: at, kind: 'media', adjustment: false },
    amount: { amount, currency },
  });
const capture = (leadId: string, at: string, source?: string, campaignId?: string) =>
  story.tell(`lead-${leadId}`, at, 'LeadCaptured', { leadId, source, campaignId, stageVisit: { begins: 1 } });

story.tell('campaign-fair', '2020-12-01', 'CampaignPlanned', { campaignId: 'fair', name: 'Fair' });
story.tell('campaign-none', '2020-12-01', 'CampaignPlanned', { campaignId: 'none', name: 'In vain' });
book('fair', 'a', '2021-01-01', 600);
book('fair', 'b', '2021-02-01', 400);
book('fair', 'c', '2021-02-02', 5_000);
story.tell('campaign-fair', '2021-03-01', 'CampaignCostVoided', {
  ...{ campaignId: 'fair', costId: 'c', bookedFor: '2021-02-02' },
  amount: { amount: 5_000, currency: 'CNY' },
});
book('none', 'd', '2021-01-01', 90);
book('fair', 'e', '2021-01-01', 30, 'USD');

// Of the fair: two from the web, one whose source nobody said. Without a campaign: one from `unknown`, one from nowhere.
capture('1', '2021-01-02', 'web', 'fair');
capture('2', '2021-01-03', 'web', 'fair');
capture('3', '2021-02-03', undefined, 'fair');
capture('4', '2021-01-04', 'unknown');
capture('5', '2021-01-05');
story.tell('lead-1', '2021-01-06', 'LeadClaimed', {
  ...{ leadId: '1', claimantId: 'ada', fromState: 'pooled' },
  stageVisit: next(1),
  ownershipVisit: { begins: 1 },
});
story.tell('lead-1', '2021-01-07', 'LeadQualified', { leadId: '1', criteria: [], stageVisit: next(2) });
open(story, 'x', '2021-01-10', { leadId: '1', owner: 'ada' });
win(story, 'x', '2021-02-10', { finalAmount: 3_000, visit: 1, owner: 'ada' });
open(story, 'y', '2021-01-10', { leadId: '4', owner: 'ada' });
win(story, 'y', '2021-02-11', { visit: 1, owner: 'ada' });

const { rows } = await project(story.events);

const roi = (by: string, asOf = '2021-12-31') =>
  rows(
    `select label, currency, cost, leads, qualified_leads, won, signed, cost_per_lead, cost_per_won, roi_signed
     from roi(by => $1, as_of => moment($2)) order by label, currency`,
    by,
    asOf,
  );

test('cost, cost per lead and per won deal, and return by campaign; currencies and leads without a campaign apart', async () => {
  expect(await roi('campaign')).toEqual([
    {
      ...{ label: '(empty)', currency: null, cost: 0, leads: 2, qualified_leads: 0, won: 1, signed: 0 },
      ...{ cost_per_lead: 0, cost_per_won: 0, roi_signed: null },
    },
    {
      ...{ label: 'Fair', currency: 'CNY', cost: 1_000, leads: 3, qualified_leads: 1, won: 1, signed: 3_000 },
      ...{ cost_per_lead: 333.333333, cost_per_won: 1_000, roi_signed: 2 },
    },
    expect.objectContaining({ label: 'Fair', currency: 'USD', cost: 30, signed: 0, roi_signed: -1 }),
    {
      ...{ label: 'In vain', currency: 'CNY', cost: 90, leads: 0, qualified_leads: 0, won: 0, signed: 0 },
      ...{ cost_per_lead: null, cost_per_won: null, roi_signed: -1 },
    },
  ]);
});

test('by source the cost of a campaign follows its leads; an absent source is not the source unknown', async () => {
  expect(
    await rows(`select label, cost, leads, won, signed from roi(by => 'source')
                where currency is distinct from 'USD' order by label`),
  ).toEqual([
    { label: '(empty)', cost: 333, leads: 2, won: 0, signed: 0 },
    { label: '(no leads)', cost: 90, leads: 0, won: 0, signed: 0 },
    { label: 'unknown', cost: 0, leads: 1, won: 1, signed: 0 },
    { label: 'web', cost: 667, leads: 2, won: 1, signed: 3_000 },
  ]);
});

test('a voided cost counts until it was voided, and a period takes what lies in it', async () => {
  expect(await roi('total', '2020-12-31')).toEqual([]);
  expect(await roi('total', '2021-02-28')).toMatchObject([{ currency: 'CNY', cost: 6_090, leads: 5 }, { cost: 30 }]);
  expect(
    await rows(`select cost, leads, won from roi(by => 'total', since => '2021-02-01', until => '2021-03-01')`),
  ).toEqual([{ cost: 400, leads: 1, won: 2 }]);
});

test('the figures open into costs, leads and deals with their events', async () => {
  expect(await rows(`select counted_as, id, event_id from roi_rows() where key = 'fair' order by 1, 2`)).toEqual([
    { counted_as: 'cost', id: 'a', event_id: 'campaign-fair@1' },
    { counted_as: 'cost', id: 'b', event_id: 'campaign-fair@2' },
    { counted_as: 'cost', id: 'e', event_id: 'campaign-fair@5' },
    { counted_as: 'lead', id: '1', event_id: 'lead-1@0' },
    { counted_as: 'lead', id: '2', event_id: 'lead-2@0' },
    { counted_as: 'lead', id: '3', event_id: 'lead-3@0' },
    { counted_as: 'qualified lead', id: '1', event_id: 'lead-1@2' },
    { counted_as: 'won', id: 'x', event_id: 'opportunity-x@1' },
  ]);
});
