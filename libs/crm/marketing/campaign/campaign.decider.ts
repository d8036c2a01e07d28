import type { DataOf, Decider } from '#kernel';
import { Refusal } from '#kernel';
import type { Texts } from '../../field-changes.js';
import { asText, asTexts, changed, changesBetween } from '../../field-changes.js';
import type * as commands from './campaign.commands.js';
import type { CampaignEvent } from './campaign.events.js';
import { campaignEvents } from './campaign.events.js';

export type CampaignRefusal =
  | 'CAMPAIGN_UNKNOWN'
  | 'CAMPAIGN_ALREADY_PLANNED'
  | 'CAMPAIGN_NOT_PLANNED'
  | 'CAMPAIGN_NOT_APPROVED'
  | 'CAMPAIGN_NOT_RUNNING'
  | 'CAMPAIGN_CLOSED'
  | 'CAMPAIGN_ENDS_BEFORE_START'
  | 'COST_UNKNOWN'
  | 'COST_ALREADY_BOOKED';

type BookedCost = DataOf<CampaignEvent, 'CampaignCostBooked'>;
type Cost = Pick<BookedCost, 'amount' | 'bookedFor' | 'kind'> & { readonly voided: boolean };

interface Known {
  readonly campaignId: string;
  /** Name, channel, days and budget, as changes tell them. */
  readonly plan: Texts;
  readonly costs: Readonly<Record<string, Cost>>;
}

export type Campaign =
  { readonly status: 'unknown' } | (Known & { readonly status: 'planned' | 'approved' | 'running' | 'closed' });

type KnownCampaign = Exclude<Campaign, { status: 'unknown' }>;

/** Campaign 营销活动: planned, approved, run and closed; money is spent on it all the while, and even afterwards. */
export const campaign: Decider<Campaign, CampaignEvent, typeof commands> = {
  name: 'campaign',
  events: campaignEvents,
  initial: { status: 'unknown' },
  idOf: ({ campaignId }) => campaignId,
  decide: {
    PlanCampaign: (campaign, { campaignId, name, channel, startsOn, endsOn, budget }) => {
      if (campaign.status !== 'unknown') throw refusal('CAMPAIGN_ALREADY_PLANNED', { campaignId });
      inOrder(campaignId, asTexts({ startsOn, endsOn }));
      return [{ type: 'CampaignPlanned', data: { campaignId, name, channel, startsOn, endsOn, budget } }];
    },
    ReviseCampaign: (campaign, { campaignId, name, channel, startsOn, endsOn, budget }) => {
      const { status, plan } = known(campaign, campaignId);
      const changes = changesBetween(plan, { name, channel, startsOn, endsOn, budget }, 'clear');
      if (changes.length === 0) return [];
      if (status === 'closed') throw refusal('CAMPAIGN_CLOSED', { campaignId });
      inOrder(campaignId, changed(plan, changes));
      return [{ type: 'CampaignRevised', data: { campaignId, changes } }];
    },
    ApproveCampaign: (campaign, { campaignId }) => {
      const { status } = known(campaign, campaignId);
      if (status === 'approved') return [];
      if (status !== 'planned') throw refusal('CAMPAIGN_NOT_PLANNED', { campaignId, status });
      return [{ type: 'CampaignApproved', data: { campaignId } }];
    },
    LaunchCampaign: (campaign, { campaignId }) => {
      const { status } = known(campaign, campaignId);
      if (status === 'running') return [];
      if (status !== 'approved') throw refusal('CAMPAIGN_NOT_APPROVED', { campaignId, status });
      return [{ type: 'CampaignLaunched', data: { campaignId } }];
    },
    CloseCampaign: (campaign, { campaignId }) => {
      const { status } = known(campaign, campaignId);
      if (status === 'closed') return [];
      if (status !== 'running') throw refusal('CAMPAIGN_NOT_RUNNING', { campaignId, status });
      return [{ type: 'CampaignClosed', data: { campaignId } }];
    },
    BookCampaignCost: (campaign, { campaignId, costId, amount, bookedFor, kind }) => {
      const { status, costs } = known(campaign, campaignId);
      const booked = costs[costId];
      if (booked !== undefined && asText(booked) === asText({ amount, bookedFor, kind, voided: false })) return [];
      if (booked !== undefined) throw refusal('COST_ALREADY_BOOKED', { campaignId, costId, voided: booked.voided });
      const adjustment = status === 'closed';
      return [{ type: 'CampaignCostBooked', data: { campaignId, costId, amount, bookedFor, kind, adjustment } }];
    },
    VoidCampaignCost: (campaign, { campaignId, costId }) => {
      const cost = known(campaign, campaignId).costs[costId];
      if (cost === undefined) throw refusal('COST_UNKNOWN', { campaignId, costId });
      if (cost.voided) return [];
      const { amount, bookedFor } = cost;
      return [{ type: 'CampaignCostVoided', data: { campaignId, costId, amount, bookedFor } }];
    },
  },
  evolve: {
    CampaignPlanned: (_, { campaignId, ...plan }) => ({
      status: 'planned',
      campaignId,
      plan: asTexts(plan),
      costs: {},
    }),
    CampaignRevised: (campaign, { changes }) =>
      isKnown(campaign) ? { ...campaign, plan: changed(campaign.plan, changes) } : campaign,
    CampaignApproved: (campaign) => (isKnown(campaign) ? { ...campaign, status: 'approved' } : campaign),
    CampaignLaunched: (campaign) => (isKnown(campaign) ? { ...campaign, status: 'running' } : campaign),
    CampaignClosed: (campaign) => (isKnown(campaign) ? { ...campaign, status: 'closed' } : campaign),
    CampaignCostBooked: (campaign, { costId, amount, bookedFor, kind }) =>
      withCost(campaign, costId, { amount, bookedFor, kind, voided: false }),
    CampaignCostVoided: (campaign, { costId }) => {
      const cost = isKnown(campaign) ? campaign.costs[costId] : undefined;
      return cost === undefined ? campaign : withCost(campaign, costId, { ...cost, voided: true });
    },
  },
};

const refusal = (code: CampaignRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<CampaignRefusal>(code, details);
const isKnown = (campaign: Campaign): campaign is KnownCampaign => campaign.status !== 'unknown';

function known(campaign: Campaign, campaignId: string): KnownCampaign {
  if (!isKnown(campaign)) throw refusal('CAMPAIGN_UNKNOWN', { campaignId });
  return campaign;
}

function inOrder(campaignId: string, { startsOn, endsOn }: Texts) {
  if (startsOn !== undefined && endsOn !== undefined && endsOn < startsOn)
    throw refusal('CAMPAIGN_ENDS_BEFORE_START', { campaignId, startsOn, endsOn });
}

const withCost = (campaign: Campaign, costId: string, cost: Cost): Campaign =>
  isKnown(campaign) ? { ...campaign, costs: { ...campaign.costs, [costId]: cost } } : campaign;
