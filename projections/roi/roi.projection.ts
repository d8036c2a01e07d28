import type { CampaignEvent } from '#crm/marketing/campaign/campaign.events';
import type { Projection } from '#kernel';
import { table } from '#kernel';
import { sqlFile } from '#read-store';
import { factOf, notVoided, voidedBy, type Fact, type Voided } from '../columns.js';

type CostRow = Fact &
  Voided &
  Readonly<
    Record<'campaign_id' | 'cost_id' | 'booked_for' | 'currency' | 'kind', string> & {
      amount: number;
      is_adjustment: boolean;
    }
  >;

const costs = table<CostRow>()('campaign_cost', 'campaign_id', 'cost_id');

/** What campaigns cost, set against the leads and deals that came from them. */
export const roi: Projection<CampaignEvent> = {
  name: 'roi',
  schema: sqlFile(import.meta.url, './schema.sql'),
  analytics: sqlFile(import.meta.url, './analytics.sql'),
  on: {
    CampaignCostBooked: (event) => {
      const { campaignId, costId, amount, bookedFor, kind, adjustment } = event.data;
      return [
        costs.insert({
          campaign_id: campaignId,
          cost_id: costId,
          booked_for: bookedFor,
          ...amount,
          kind,
          is_adjustment: adjustment,
          ...factOf(event),
          ...notVoided,
        }),
      ];
    },
    CampaignCostVoided: (event) => [
      costs.patch({ campaign_id: event.data.campaignId, cost_id: event.data.costId }, voidedBy(event)),
    ],
  },
};
