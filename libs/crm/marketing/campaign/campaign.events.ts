import type { EventOf } from '#kernel';
import { date, event, flag, id, list, money, oneOf, optional, text } from '#kernel';
import { fieldChange } from '../../common.events.js';

/** What money was spent on. */
export const COST_KINDS = ['media', 'event', 'material', 'agency', 'personnel', 'other'] as const;

/** Stored for ever: add optional fields, never rename or remove. Campaign 营销活动. */
export const campaignEvents = {
  CampaignPlanned: event('A campaign was planned.', {
    campaignId: id,
    name: text,
    channel: optional(text),
    startsOn: optional(date),
    endsOn: optional(date),
    budget: optional(money),
  }),
  CampaignRevised: event('The plan of a campaign was changed.', {
    campaignId: id,
    changes: list(fieldChange('campaign', 'campaignId')),
  }),
  CampaignApproved: event('The campaign may be run.', { campaignId: id }),
  CampaignLaunched: event('The campaign began.', { campaignId: id }),
  CampaignClosed: event('The campaign ended.', { campaignId: id }),
  CampaignCostBooked: event('Money was spent on the campaign.', {
    campaignId: id,
    costId: id,
    amount: money,
    bookedFor: date,
    kind: oneOf(...COST_KINDS),
    /** True when the campaign was closed already: an adjustment, shown apart (GI3). */
    adjustment: flag,
  }),
  CampaignCostVoided: event('A booked cost was taken back.', {
    campaignId: id,
    costId: id,
    amount: money,
    bookedFor: date,
  }),
};

export type CampaignEvent = EventOf<typeof campaignEvents>;
