import type { OpportunityEvent } from '#crm/pipeline/opportunity/opportunity.events';
import type { OpportunityFacts, StageMeaning } from '#crm/pipeline/opportunity/opportunity.state';
import type { SalesProcessEvent } from '#crm/pipeline/sales-process/sales-process.events';
import { salesProcess } from '#crm/pipeline/sales-process/sales-process.decider';
import type { DataOf, Money } from '#kernel';
import { fold } from '#kernel';
import { ACTOR, recorded } from '../spec.js';

export const opportunityId = '0bb00000-0000-4000-8000-000000000001';
export const processId = '90ce5500-0000-4000-8000-000000000001';
export const customerId = 'c0570000-0000-4000-8000-000000000001';
export const quoteId = '90073000-0000-4000-8000-000000000001';
export const lei = 'e0000000-0000-4000-8000-000000000003';

export const yuan = (amount: number): Money => ({ amount, currency: 'CNY' });

/** First contact → demonstration → offer, then won or lost; contact needs `need`, demo needs `shown`. */
const stages: Extract<SalesProcessEvent, { type: 'SalesProcessVersionPublished' }>['data']['stages'] = [
  {
    id: 'contact',
    name: '初步接触',
    orderIndex: 1,
    kind: 'open',
    probability: 10,
    exitCriteria: [
      { id: 'need', name: '需求已确认', required: true },
      { id: 'budget', name: '预算已知', required: false },
    ],
  },
  {
    id: 'demo',
    name: '产品演示',
    orderIndex: 2,
    kind: 'open',
    probability: 40,
    exitCriteria: [{ id: 'shown', name: '已演示', required: true }],
  },
  { id: 'offer', name: '报价', orderIndex: 3, kind: 'open', probability: 70, exitCriteria: [] },
  { id: 'won', name: '赢单', orderIndex: 4, kind: 'won', probability: 100, exitCriteria: [] },
  { id: 'lost', name: '输单', orderIndex: 5, kind: 'lost', probability: 0, exitCriteria: [] },
];

/** The process with one version, and perhaps other rules or more events. */
export function processWith(rules: object = {}, ...more: readonly SalesProcessEvent[]): OpportunityFacts {
  const history: readonly SalesProcessEvent[] = [
    { type: 'SalesProcessDefined', data: { processId, name: '标准流程' } },
    {
      type: 'SalesProcessVersionPublished',
      data: { processId, version: 1, stages, rules: { allowSkip: true, allowRegress: true, ...rules } },
    },
    ...more,
  ];
  return {
    process: fold(
      salesProcess,
      history.map((event, revision) => recorded(event, revision)),
    ),
  };
}

export function stage(id: string): StageMeaning {
  const found = stages.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no stage ${id}`);
  const { name, orderIndex, kind, probability } = found;
  return { id, name, orderIndex, kind, probability };
}

type Fields<Type extends OpportunityEvent['type']> = Partial<DataOf<OpportunityEvent, Type>>;

export const openedWith = (more: Fields<'OpportunityOpened'>): OpportunityEvent => ({
  type: 'OpportunityOpened',
  data: {
    opportunityId,
    customerId,
    processId,
    processVersion: 1,
    stage: stage('contact'),
    ownerId: ACTOR.id,
    amount: yuan(500_00),
    openedOn: '2026-11-22',
    stageVisit: { begins: 1 },
    ...more,
  },
});
export const opened = openedWith({});

export const evidence = (stageId: string, criterionId: string): OpportunityEvent => ({
  type: 'StageOutcomeRecorded',
  data: { opportunityId, stageId, criterionId, evidence: '会议纪要' },
});

export const waived = (stageId: string, criterionId: string): OpportunityEvent => ({
  type: 'StageExitWaived',
  data: { opportunityId, stageId, criterionId, waivedBy: ACTOR.id },
});

/** Opened, need and demonstration on record, and advanced to the offer as visit 2. */
export const atOffer: readonly OpportunityEvent[] = [
  opened,
  evidence('contact', 'need'),
  evidence('demo', 'shown'),
  {
    type: 'StageAdvanced',
    data: {
      opportunityId,
      fromStage: stage('contact'),
      toStage: stage('offer'),
      processVersion: 1,
      skippedStageIds: ['demo'],
      criteriaEvidence: [
        { criterionId: 'need', recordedAtRevision: 1 },
        { criterionId: 'shown', recordedAtRevision: 2 },
      ],
      amountAtMove: yuan(500_00),
      enteredPreviousAt: '2026-11-22T08:00:00.000Z',
      stageVisit: { ends: 1, begins: 2 },
    },
  },
];

const closing = { opportunityId, closedOn: '2026-11-22', fromStage: stage('offer'), stageVisit: { ends: 2 } };

export const wonWith = (more: Fields<'OpportunityWon'>): OpportunityEvent => ({
  type: 'OpportunityWon',
  data: { ...closing, customerId, finalAmount: yuan(500_00), closing: 1, ...more },
});
export const won = wonWith({});
export const lost: OpportunityEvent = {
  type: 'OpportunityLost',
  data: { ...closing, reasonCode: 'price', closing: 1 },
};
export const abandoned: OpportunityEvent = { type: 'OpportunityAbandoned', data: { ...closing, closing: 1 } };
export const reopened = (voidsClosing: string): OpportunityEvent => ({
  type: 'OpportunityReopened',
  data: { opportunityId, voidsClosing, closing: 1, toStage: stage('offer'), stageVisit: { begins: 3 } },
});
