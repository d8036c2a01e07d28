import type { LeadEvent } from '#crm/high-sea/lead/lead.events';
import type { Projection, Recorded, RowChange } from '#kernel';
import { table } from '#kernel';
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
import { sqlFile } from '#read-store';

type Text = string | null;
type Visit = Readonly<{ lead_id: string; visit_no: number }>;
type StageRow = Visit &
  Credit &
  Entered &
  Exited &
  Readonly<{ stage: string; is_entry_known: boolean; exit_kind: Text; is_exit_known: boolean | null }>;
type OwnerRow = Visit & Credit & Entered & Exited & Readonly<{ owner_id: string; entered_by: string; left_by: Text }>;
type ClosingRow = Visit &
  Credit &
  Fact &
  Voided &
  Readonly<{ outcome: string; is_day_known: boolean }> &
  Readonly<Record<Outcome, Text>>;
type Outcome = 'reason_code' | 'customer_id' | 'opportunity_id';
type CaptureRow = Fact &
  Readonly<
    { lead_id: string; is_day_known: boolean } & Record<'lead_number' | 'source' | 'campaign_id' | 'landing_page', Text>
  >;

const captures = table<CaptureRow>()('lead_capture', 'lead_id');
const stages = table<StageRow>()('lead_stage_interval', 'lead_id', 'visit_no');
const owners = table<OwnerRow>()('lead_ownership_interval', 'lead_id', 'visit_no');
const closings = table<ClosingRow>()('lead_closing', 'lead_id', 'visit_no');

/** Through which stages and hands every lead went, and how it ended. */
export const leadFunnel: Projection<LeadEvent> = {
  name: 'lead_funnel',
  schema: sqlFile(import.meta.url, './schema.sql'),
  analytics: sqlFile(import.meta.url, './analytics.sql') + sqlFile(import.meta.url, './movement.sql'),
  on: {
    LeadCaptured: (event) => {
      const { leadId, leadNumber, source, campaignId, landingPage } = event.data;
      return [
        captures.insert({
          lead_id: leadId,
          lead_number: leadNumber ?? null,
          source: source ?? null,
          campaign_id: campaignId ?? null,
          landing_page: landingPage ?? null,
          is_day_known: isDayKnown(event),
          ...factOf(event),
        }),
        ...enters(event, 'pooled'),
      ];
    },
    LeadClaimed: (event) => [
      ...leaves(event, 'advance'),
      ...enters(event, 'owned', event.data.claimantId),
      ...takes(event, event.data.claimantId, 'claim'),
    ],
    LeadAssigned: (event) => [
      ...leaves(event, 'advance'),
      ...enters(event, 'owned', event.data.assigneeId),
      ...takes(event, event.data.assigneeId, 'assign'),
    ],
    LeadTransferred: (event) => [...givesUp(event, 'transfer'), ...takes(event, event.data.toOwner, 'transfer')],
    LeadReturned: (event) => [...leaves(event, 'regress'), ...enters(event, 'pooled'), ...givesUp(event, 'return')],
    LeadRecycled: (event) => [...leaves(event, 'regress'), ...enters(event, 'pooled'), ...givesUp(event, 'recycle')],
    LeadQualified: (event) => [...leaves(event, 'advance'), ...enters(event, 'qualified')],
    LeadDisqualified: (event) => [
      ...leaves(event, 'lost'),
      closes(event, 'disqualified', { reason_code: event.data.reasonCode }),
      ...givesUp(event, 'disqualify'),
    ],
    LeadConverted: (event) => [
      ...leaves(event, 'won'),
      closes(event, 'converted', {
        customer_id: event.data.customerId,
        opportunity_id: event.data.opportunityId ?? null,
      }),
      ...givesUp(event, 'convert'),
    ],
    LeadReopened: (event) => {
      const { leadId, stageVisit } = event.data;
      return [
        closings.patch({ lead_id: leadId, visit_no: stageVisit.ends ?? (stageVisit.begins ?? 0) - 1 }, voidedBy(event)),
        ...enters(event, 'pooled'),
      ];
    },
  },
};

type StageMove = Recorded & {
  readonly data: { readonly leadId: string; readonly stageVisit: { readonly begins?: number; readonly ends?: number } };
};
type Ending = StageMove & { readonly data: { readonly ownerId?: string } };
type OwnerMove = Recorded & {
  readonly data: {
    readonly leadId: string;
    readonly ownershipVisit?: { readonly begins?: number; readonly ends?: number };
  };
};

function enters(event: StageMove, stage: StageRow['stage'], ownerId?: string): readonly RowChange[] {
  const { leadId, stageVisit } = event.data;
  if (stageVisit.begins === undefined) return [];
  return [
    stages.insert({
      lead_id: leadId,
      visit_no: stageVisit.begins,
      stage,
      ...(stage === 'pooled' ? nobody : creditOf(event, ownerId)),
      is_entry_known: isDayKnown(event),
      ...enteredBy(event),
      exit_kind: null,
      is_exit_known: null,
      ...stillOpen,
    }),
  ];
}

const nobody: Credit = { owner_id: null, unit_id: null, manager_path: [] };

function leaves(event: StageMove, exit_kind: 'advance' | 'regress' | 'won' | 'lost'): readonly RowChange[] {
  const { leadId, stageVisit } = event.data;
  if (stageVisit.ends === undefined) return [];
  return [
    stages.patch(
      { lead_id: leadId, visit_no: stageVisit.ends },
      { exit_kind, is_exit_known: isDayKnown(event), ...exitedBy(event) },
    ),
  ];
}

function takes(event: OwnerMove, owner_id: string, entered_by: OwnerRow['entered_by']): readonly RowChange[] {
  const { leadId, ownershipVisit } = event.data;
  if (ownershipVisit?.begins === undefined) return [];
  return [
    owners.insert({
      lead_id: leadId,
      visit_no: ownershipVisit.begins,
      ...creditOf(event, owner_id),
      owner_id,
      entered_by,
      ...enteredBy(event),
      left_by: null,
      ...stillOpen,
    }),
  ];
}

function givesUp(event: OwnerMove, left_by: string): readonly RowChange[] {
  const { leadId, ownershipVisit } = event.data;
  if (ownershipVisit?.ends === undefined) return [];
  return [owners.patch({ lead_id: leadId, visit_no: ownershipVisit.ends }, { left_by, ...exitedBy(event) })];
}

/** The closing stands under the stage visit that it ended. */
const closes = (event: Ending, outcome: string, how: Partial<Record<Outcome, Text>>): RowChange =>
  closings.insert({
    lead_id: event.data.leadId,
    visit_no: event.data.stageVisit.begins ?? event.data.stageVisit.ends ?? 0,
    outcome,
    reason_code: null,
    customer_id: null,
    opportunity_id: null,
    ...how,
    ...creditOf(event, event.data.ownerId),
    is_day_known: isDayKnown(event),
    ...factOf(event),
    ...notVoided,
  });
