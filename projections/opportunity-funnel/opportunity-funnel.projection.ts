import type { OpportunityEvent } from '#crm/pipeline/opportunity/opportunity.events';
import type { DataOf, Money, Projection, RecordedEvent, RowChange } from '#kernel';
import { table } from '#kernel';
import { sqlFile } from '#read-store';
import {
  creditOf,
  enteredBy,
  exitedBy,
  factOf,
  isDayKnown,
  notVoided,
  stillOpen,
  voidedBy,
  type Credit,
  type Entered,
  type Exited,
  type Fact,
  type Voided,
} from '../columns.js';

type Text = string | null;
type Of = Readonly<{ opportunity_id: string }>;
type Amount = Readonly<{ amount: number | null; currency: Text }>;
type OpportunityRow = Of &
  Fact &
  Readonly<
    Record<'customer_id' | 'product_id' | 'source' | 'lead_id' | 'campaign_id' | 'opened_on', Text> & {
      process_id: string;
      process_version: number;
      is_opening_known: boolean;
    }
  >;
type StageRow = Of &
  Credit &
  Entered &
  Exited &
  Readonly<
    Record<'stage_id' | 'stage_name', string> &
      Record<'visit_no' | 'stage_order' | 'probability', number> & {
        is_entry_known: boolean;
        exit_kind: Text;
        is_exit_known: boolean | null;
      }
  >;
type ClosingRow = Of &
  Amount &
  Credit &
  Fact &
  Voided &
  Readonly<
    Record<'customer_id' | 'reason_code' | 'competitor', Text> &
      Record<'outcome' | 'closed_on' | 'from_stage_id', string> & { closing: number }
  >;

const opportunities = table<OpportunityRow>()('opportunity', 'opportunity_id');
const owners = table<Of & Credit & Fact & { revision: bigint }>()('opportunity_owner', 'opportunity_id', 'revision');
const amounts = table<Of & Amount & Fact & { revision: bigint }>()('opportunity_amount', 'opportunity_id', 'revision');
const stages = table<StageRow>()('opportunity_stage_interval', 'opportunity_id', 'visit_no');
const closings = table<ClosingRow>()('fact_closing', 'opportunity_id', 'closing');

/** Through which stages and hands every opportunity went, what it was worth, and how it was closed. */
export const opportunityFunnel: Projection<OpportunityEvent> = {
  name: 'opportunity_funnel',
  schema: sqlFile(import.meta.url, './schema.sql'),
  analytics: sqlFile(import.meta.url, './analytics.sql') + sqlFile(import.meta.url, './movement.sql'),
  on: {
    OpportunityOpened: (event) => {
      const { opportunityId: opportunity_id, processId, processVersion, stage, ownerId, amount } = event.data;
      const { customerId, productId, source, leadId, campaignId, openedOn } = event.data;
      return [
        opportunities.insert({
          opportunity_id,
          customer_id: customerId ?? null,
          process_id: processId,
          process_version: processVersion,
          product_id: productId ?? null,
          source: source ?? null,
          lead_id: leadId ?? null,
          campaign_id: campaignId ?? null,
          opened_on: openedOn ?? null,
          is_opening_known: isOpeningKnown(event),
          ...factOf(event),
        }),
        ownedBy(event, ownerId),
        ...(amount ? [worth(event, amount)] : []),
        ...enters(event, stage, isOpeningKnown(event)),
      ];
    },
    StageAdvanced: (event) => [...leaves(event, 'advance'), ...enters(event, event.data.toStage)],
    StageRegressed: (event) => [...leaves(event, 'regress'), ...enters(event, event.data.toStage)],
    AmountRevised: (event) => [worth(event, event.data.new)],
    OpportunityTransferred: (event) => [ownedBy(event, event.data.toOwner)],
    OpportunityWon: (event) => {
      const { customerId, finalAmount } = event.data;
      return [
        ...leaves(event, 'won'),
        closes(event, 'won', { customer_id: customerId ?? null, ...amountOf(finalAmount) }),
      ];
    },
    OpportunityLost: (event) => {
      const { reasonCode, competitor } = event.data;
      return [
        ...leaves(event, 'lost'),
        closes(event, 'lost', { reason_code: reasonCode, competitor: competitor ?? null }),
      ];
    },
    OpportunityAbandoned: (event) => [...leaves(event, 'abandoned'), closes(event, 'abandoned', {})],
    OpportunityReopened: (event) => [
      closings.patch({ opportunity_id: event.data.opportunityId, closing: event.data.closing }, voidedBy(event)),
      ...enters(event, event.data.toStage),
    ],
  },
};

type Opened = RecordedEvent<OpportunityEvent, 'OpportunityOpened'>;
type Moved = RecordedEvent<OpportunityEvent, 'StageAdvanced' | 'StageRegressed'>;
type Closed = RecordedEvent<OpportunityEvent, 'OpportunityWon' | 'OpportunityLost' | 'OpportunityAbandoned'>;
type Reopened = RecordedEvent<OpportunityEvent, 'OpportunityReopened'>;
type Stage = DataOf<OpportunityEvent, 'OpportunityOpened'>['stage'];

/** An import that names no day of opening does not know it: when it saw the deal first tells nothing of its age. */
const isOpeningKnown = ({ actor, data }: Opened) => data.openedOn !== undefined || actor.kind !== 'import';

const amountOf = (money: Money | undefined): Amount => ({
  amount: money?.amount ?? null,
  currency: money?.currency ?? null,
});

const ownedBy = (event: RecordedEvent<OpportunityEvent>, ownerId: string | undefined): RowChange =>
  owners.insert({
    opportunity_id: event.data.opportunityId,
    revision: event.revision,
    ...creditOf(event, ownerId),
    ...factOf(event),
  });

const worth = (event: RecordedEvent<OpportunityEvent>, money: Money | undefined): RowChange =>
  amounts.insert({
    opportunity_id: event.data.opportunityId,
    revision: event.revision,
    ...amountOf(money),
    ...factOf(event),
  });

function enters(
  event: Opened | Moved | Reopened,
  stage: Stage,
  is_entry_known = isDayKnown(event),
): readonly RowChange[] {
  const { opportunityId, stageVisit } = event.data;
  if (stageVisit.begins === undefined) return [];
  return [
    stages.insert({
      opportunity_id: opportunityId,
      visit_no: stageVisit.begins,
      stage_id: stage.id,
      stage_name: stage.name,
      stage_order: stage.orderIndex,
      probability: stage.probability,
      ...creditOf(event),
      is_entry_known,
      ...enteredBy(event),
      exit_kind: null,
      is_exit_known: null,
      ...stillOpen,
    }),
  ];
}

function leaves(event: Moved | Closed, exit_kind: string): readonly RowChange[] {
  const { opportunityId, stageVisit } = event.data;
  if (stageVisit.ends === undefined) return [];
  return [
    stages.patch(
      { opportunity_id: opportunityId, visit_no: stageVisit.ends },
      { exit_kind, is_exit_known: isDayKnown(event), ...exitedBy(event) },
    ),
  ];
}

const closes = (event: Closed, outcome: string, how: Partial<ClosingRow>): RowChange =>
  closings.insert({
    opportunity_id: event.data.opportunityId,
    closing: event.data.closing,
    outcome,
    closed_on: event.data.closedOn,
    ...{ amount: null, currency: null, customer_id: null, reason_code: null, competitor: null },
    ...how,
    from_stage_id: event.data.fromStage.id,
    ...creditOf(event),
    ...factOf(event),
    ...notVoided,
  });
