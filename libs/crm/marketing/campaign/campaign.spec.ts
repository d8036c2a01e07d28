import { expect, test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import {
  ApproveCampaign,
  BookCampaignCost,
  CloseCampaign,
  LaunchCampaign,
  PlanCampaign,
  ReviseCampaign,
  VoidCampaignCost,
} from './campaign.commands.js';
import { campaign } from './campaign.decider.js';
import type { CampaignEvent } from './campaign.events.js';

const campaignId = 'ca000000-0000-4000-8000-000000000001';
const costId = 'c0500000-0000-4000-8000-000000000001';
const secondCost = 'c0500000-0000-4000-8000-000000000002';
const yuan = (amount: number) => ({ amount: amount * 100, currency: 'CNY' });

const planned: CampaignEvent = {
  type: 'CampaignPlanned',
  data: { campaignId, name: '秋季展会', channel: 'event', startsOn: '2026-10-01', budget: yuan(50_000) },
};
const approved: CampaignEvent = { type: 'CampaignApproved', data: { campaignId } };
const launched: CampaignEvent = { type: 'CampaignLaunched', data: { campaignId } };
const closed: CampaignEvent = { type: 'CampaignClosed', data: { campaignId } };
const booked: CampaignEvent = {
  type: 'CampaignCostBooked',
  data: { campaignId, costId, amount: yuan(800), bookedFor: '2026-10-03', kind: 'media', adjustment: false },
};
const voided: CampaignEvent = {
  type: 'CampaignCostVoided',
  data: { campaignId, costId, amount: yuan(800), bookedFor: '2026-10-03' },
};

const { given } = spec(campaign, {});
const plan = PlanCampaign.of({
  campaignId,
  name: '秋季展会',
  channel: 'event',
  startsOn: '2026-10-01',
  budget: yuan(50_000),
});
const book = (amount = yuan(800), bookedFor = '2026-10-03') =>
  BookCampaignCost.of({ campaignId, costId, amount, bookedFor, kind: 'media' });

test('a campaign is planned', () => given().when(plan).then(planned));
test('a campaign is planned once', () => given(planned).when(plan).thenRefused('CAMPAIGN_ALREADY_PLANNED'));
test('a campaign does not end before it starts', () =>
  given()
    .when(PlanCampaign.of({ campaignId, name: '秋季展会', startsOn: '2026-10-01', endsOn: '2026-09-30' }))
    .thenRefused('CAMPAIGN_ENDS_BEFORE_START'));

test('a revision names only what changed, money as text', () =>
  given(planned)
    .when(ReviseCampaign.of({ campaignId, name: '秋季展会', budget: { currency: 'CNY', amount: 6_000_000 } }))
    .then({
      type: 'CampaignRevised',
      data: {
        campaignId,
        changes: [
          {
            field: 'budget',
            old: '{"amount":5000000,"currency":"CNY"}',
            new: '{"amount":6000000,"currency":"CNY"}',
          },
        ],
      },
    }));
test('a revision can take a value away', () =>
  given(planned)
    .when(ReviseCampaign.of({ campaignId, channel: null }))
    .then({ type: 'CampaignRevised', data: { campaignId, changes: [{ field: 'channel', old: 'event' }] } }));
test('a revision that changes nothing tells nothing', () =>
  given(planned)
    .when(ReviseCampaign.of({ campaignId, budget: yuan(50_000), endsOn: null }))
    .thenNothing());
test('a revised campaign does not end before it starts either', () =>
  given(planned)
    .when(ReviseCampaign.of({ campaignId, endsOn: '2026-09-30' }))
    .thenRefused('CAMPAIGN_ENDS_BEFORE_START', { startsOn: '2026-10-01' }));
test('a closed campaign is not revised', () =>
  given(planned, approved, launched, closed)
    .when(ReviseCampaign.of({ campaignId, channel: 'web' }))
    .thenRefused('CAMPAIGN_CLOSED'));

test('a planned campaign can be approved', () =>
  given(planned).when(ApproveCampaign.of({ campaignId })).then(approved));
test('a campaign is approved once', () =>
  given(planned, approved).when(ApproveCampaign.of({ campaignId })).thenNothing());
test('a running campaign cannot be approved', () =>
  given(planned, approved, launched)
    .when(ApproveCampaign.of({ campaignId }))
    .thenRefused('CAMPAIGN_NOT_PLANNED', { status: 'running' }));

test('an approved campaign can be launched', () =>
  given(planned, approved).when(LaunchCampaign.of({ campaignId })).then(launched));
test('a campaign is launched once', () =>
  given(planned, approved, launched).when(LaunchCampaign.of({ campaignId })).thenNothing());
test('nothing is launched without approval', () =>
  given(planned).when(LaunchCampaign.of({ campaignId })).thenRefused('CAMPAIGN_NOT_APPROVED'));

test('a running campaign can be closed', () =>
  given(planned, approved, launched).when(CloseCampaign.of({ campaignId })).then(closed));
test('a campaign is closed once', () =>
  given(planned, approved, launched, closed).when(CloseCampaign.of({ campaignId })).thenNothing());
test('a campaign that does not run cannot be closed', () =>
  given(planned).when(CloseCampaign.of({ campaignId })).thenRefused('CAMPAIGN_NOT_RUNNING'));
test('an unknown campaign cannot be closed', () =>
  given().when(CloseCampaign.of({ campaignId })).thenRefused('CAMPAIGN_UNKNOWN'));

test('a cost is booked, also before the launch', () => given(planned).when(book()).then(booked));
test('a cost on a closed campaign is an adjustment (GI3)', () =>
  given(planned, approved, launched, closed)
    .when(book())
    .then({ ...booked, data: { ...booked.data, adjustment: true } }));
test('the same cost is booked once', () => given(planned, booked).when(book()).thenNothing());
test('one cost id does not stand for two costs', () =>
  given(planned, booked)
    .when(book(yuan(900)))
    .thenRefused('COST_ALREADY_BOOKED', { costId, voided: false }));
test('a voided cost is not booked again', () =>
  given(planned, booked, voided).when(book()).thenRefused('COST_ALREADY_BOOKED', { voided: true }));
test('no cost on an unknown campaign', () => given().when(book()).thenRefused('CAMPAIGN_UNKNOWN'));

test('a booked cost can be voided', () =>
  given(planned, booked).when(VoidCampaignCost.of({ campaignId, costId })).then(voided));
test('a cost is voided once', () =>
  given(planned, booked, voided).when(VoidCampaignCost.of({ campaignId, costId })).thenNothing());
test('only a booked cost can be voided', () =>
  given(planned).when(VoidCampaignCost.of({ campaignId, costId })).thenRefused('COST_UNKNOWN'));

const cost = fc.constantFrom(costId, secondCost);
const anyCommand = fc.oneof(
  { weight: 3, arbitrary: fc.constant(plan) },
  fc.constantFrom('web', 'event', null).map((channel) => ReviseCampaign.of({ campaignId, channel })),
  fc.constant(ApproveCampaign.of({ campaignId })),
  fc.constant(LaunchCampaign.of({ campaignId })),
  fc.constant(CloseCampaign.of({ campaignId })),
  fc
    .tuple(cost, fc.constantFrom(yuan(1), yuan(2)))
    .map(([id, amount]) =>
      BookCampaignCost.of({ campaignId, costId: id, amount, bookedFor: '2026-10-03', kind: 'media' }),
    ),
  cost.map((id) => VoidCampaignCost.of({ campaignId, costId: id })),
);
laws(campaign, anyCommand, {});

test('no cost is booked twice or voided twice, and what is voided is what was booked', () => {
  fc.assert(
    fc.property(steps(anyCommand), (drawn) => {
      const open = new Map<string, unknown>();
      const seen = new Set<string>();
      for (const { type, data } of play(campaign, drawn, {})) {
        if (type === 'CampaignCostBooked') {
          expect(seen).not.toContain(data.costId);
          seen.add(data.costId);
          open.set(data.costId, data.amount);
        }
        if (type === 'CampaignCostVoided') {
          expect(open.get(data.costId)).toEqual(data.amount);
          open.delete(data.costId);
        }
      }
    }),
  );
});
