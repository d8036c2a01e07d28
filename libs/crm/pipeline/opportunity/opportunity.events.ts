import type { EventOf } from '#kernel';
import { code, date, event, id, instant, integer, list, money, oneOf, optional, record, sealed, text } from '#kernel';
import { visit } from '../../common.events.js';

/** A stage with its meaning frozen as it was when the event happened. `probability` is in percent. */
export const stageMeaning = record({
  id: code,
  name: text,
  orderIndex: integer,
  kind: oneOf('open', 'won', 'lost'),
  probability: integer,
});

const stageMove = {
  opportunityId: id,
  fromStage: stageMeaning,
  toStage: stageMeaning,
  processVersion: integer,
  skippedStageIds: list(code),
  /** What settled the required criteria of the stages that were left: the events of evidence or waiver. */
  criteriaEvidence: list(record({ criterionId: code, recordedAtRevision: integer })),
  amountAtMove: optional(money),
  expectedCloseAtMove: optional(date),
  enteredPreviousAt: instant,
  stageVisit: visit,
};

export const LOSS_REASONS = [
  'price',
  'competitor',
  'no_budget',
  'no_decision',
  'product_fit',
  'timing',
  'unknown',
  'other',
] as const;

/** Stored for ever: add optional fields, never rename or remove. Opportunity 商机. */
export const opportunityEvents = {
  OpportunityOpened: event('A chance to sell was opened in a stage of a process.', {
    opportunityId: id,
    customerId: optional(id),
    processId: id,
    processVersion: integer,
    stage: stageMeaning,
    ownerId: optional(id),
    productId: optional(id),
    amount: optional(money),
    expectedClose: optional(date),
    /** The business day of opening; absent when nobody knows it. */
    openedOn: optional(date),
    source: optional(text),
    leadId: optional(id),
    campaignId: optional(id),
    stageVisit: visit,
  }),
  StageAdvanced: event('The opportunity went forward to a later stage.', stageMove),
  StageRegressed: event('The opportunity went back to an earlier stage.', stageMove),
  StageOutcomeRecorded: event('Evidence for an exit criterion of a stage was put on record.', {
    opportunityId: id,
    stageId: code,
    criterionId: code,
    evidence: optional(sealed('opportunity', 'opportunityId', text)),
  }),
  StageExitWaived: event('An exit criterion was waived.', {
    opportunityId: id,
    stageId: code,
    criterionId: code,
    waivedBy: id,
  }),
  AmountRevised: event('The expected amount changed.', {
    opportunityId: id,
    old: optional(money),
    new: optional(money),
  }),
  ExpectedCloseRescheduled: event('The expected closing day changed.', {
    opportunityId: id,
    old: optional(date),
    new: optional(date),
  }),
  OpportunityTransferred: event('The opportunity went to another owner; its stage stays.', {
    opportunityId: id,
    fromOwner: optional(id),
    toOwner: id,
  }),
  OpportunityWon: event('The deal was won.', {
    opportunityId: id,
    customerId: optional(id),
    /** Absent when the amount is not known (imports): counted as a deal that adds nothing. */
    finalAmount: optional(money),
    quoteId: optional(id),
    quoteRevision: optional(integer),
    contractId: optional(id),
    closedOn: date,
    fromStage: stageMeaning,
    /** Counts the closings of this opportunity from 1. */
    closing: integer,
    stageVisit: visit,
  }),
  OpportunityLost: event('The deal was lost.', {
    opportunityId: id,
    reasonCode: oneOf(...LOSS_REASONS),
    competitor: optional(text),
    closedOn: date,
    fromStage: stageMeaning,
    closing: integer,
    stageVisit: visit,
  }),
  OpportunityAbandoned: event('The opportunity was given up without a decision of the customer.', {
    opportunityId: id,
    closedOn: date,
    fromStage: stageMeaning,
    closing: integer,
    stageVisit: visit,
  }),
  OpportunityReopened: event('A closed opportunity was opened again; the closing is void.', {
    opportunityId: id,
    /** The event id of the closing that no longer counts. */
    voidsClosing: id,
    closing: integer,
    toStage: stageMeaning,
    stageVisit: visit,
  }),
};

export type OpportunityEvent = EventOf<typeof opportunityEvents>;
