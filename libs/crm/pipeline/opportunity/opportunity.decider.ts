import type { DataOf, Money, Occurrence } from '#kernel';
import { dayOf } from '../../days.js';
import type { ProcessVersion, SalesProcess } from '../sales-process/sales-process.decider.js';
import { checkCurrency, closingDecisions } from './opportunity.closing.js';
import type { OpportunityEvent } from './opportunity.events.js';
import { opportunityEvents } from './opportunity.events.js';
import { stageDecisions } from './opportunity.stages.js';
import type { ClosedOpportunity, Opportunity, OpportunityDecider, Settled, StageMeaning } from './opportunity.state.js';
import { known, meaningOf, open, openStage, refusal } from './opportunity.state.js';

/** Opportunity 商机: a chance to sell, in one stage of a process at a time, until it is won, lost or given up. */
export const opportunity: OpportunityDecider = {
  name: 'opportunity',
  events: opportunityEvents,
  initial: { status: 'unknown' },
  idOf: ({ opportunityId }) => opportunityId,
  ownerOf: (opportunity) => (opportunity.status === 'unknown' ? undefined : opportunity.ownerId),
  decide: {
    OpenOpportunity: (opportunity, command, { occurredAt, actor, facts }) => {
      const { opportunityId, processId, stageId, customerId, productId, amount, expectedClose } = command;
      if (opportunity.status !== 'unknown') throw refusal('OPPORTUNITY_ALREADY_OPENED', { opportunityId });
      const version = usableVersion(facts.process, processId, command.processVersion);
      return [
        {
          type: 'OpportunityOpened',
          data: {
            opportunityId,
            customerId,
            processId,
            processVersion: version.version,
            stage: stageId === undefined ? firstStage(version) : openStage(version, stageId),
            ownerId: command.ownerId ?? (actor.kind === 'human' ? actor.id : undefined),
            productId,
            amount,
            expectedClose,
            openedOn: command.openedOn ?? (actor.kind === 'import' ? undefined : dayOf(occurredAt)),
            source: command.source,
            leadId: command.leadId,
            campaignId: command.campaignId,
            stageVisit: { begins: 1 },
          },
        },
      ];
    },
    ...stageDecisions,
    ReviseAmount: (opportunity, { opportunityId, amount }) => {
      const current = open(opportunity, opportunityId);
      if (isSame(current.amount, amount)) return [];
      checkCurrency(current, amount);
      return [{ type: 'AmountRevised', data: { opportunityId, old: current.amount, new: amount } }];
    },
    RescheduleExpectedClose: (opportunity, { opportunityId, expectedClose }) => {
      const { expectedClose: old } = open(opportunity, opportunityId);
      if (old === expectedClose) return [];
      return [{ type: 'ExpectedCloseRescheduled', data: { opportunityId, old, new: expectedClose } }];
    },
    TransferOpportunity: (opportunity, { opportunityId, toOwner }) => {
      const { ownerId: fromOwner } = known(opportunity, opportunityId);
      if (fromOwner === toOwner) return [];
      return [{ type: 'OpportunityTransferred', data: { opportunityId, fromOwner, toOwner } }];
    },
    ...closingDecisions,
  },
  evolve: {
    OpportunityOpened: (_, opened, { occurredAt }) => ({
      status: 'open',
      opportunityId: opened.opportunityId,
      customerId: opened.customerId,
      ownerId: opened.ownerId,
      processId: opened.processId,
      processVersion: opened.processVersion,
      stage: opened.stage,
      enteredAt: occurredAt,
      settled: [],
      amount: opened.amount,
      expectedClose: opened.expectedClose,
      stageVisits: 1,
      closings: 0,
    }),
    StageAdvanced: (opportunity, moved, at) => entered(opportunity, moved, at),
    StageRegressed: (opportunity, moved, at) => entered(opportunity, moved, at),
    StageOutcomeRecorded: (opportunity, { criterionId, evidence }, { revision }) =>
      settle(opportunity, { criterionId, by: 'evidence', evidence, revision: Number(revision) }),
    StageExitWaived: (opportunity, { criterionId }, { revision }) =>
      settle(opportunity, { criterionId, by: 'waiver', revision: Number(revision) }),
    AmountRevised: (opportunity, { new: amount }) =>
      opportunity.status === 'unknown' ? opportunity : { ...opportunity, amount },
    ExpectedCloseRescheduled: (opportunity, { new: expectedClose }) =>
      opportunity.status === 'unknown' ? opportunity : { ...opportunity, expectedClose },
    OpportunityTransferred: (opportunity, { toOwner: ownerId }) =>
      opportunity.status === 'unknown' ? opportunity : { ...opportunity, ownerId },
    OpportunityWon: (opportunity, won, at) => {
      const closed = closedAs('won', opportunity, won, at);
      if (closed.status === 'unknown') return closed;
      const quotedCurrency = won.quoteId === undefined ? undefined : won.finalAmount?.currency;
      return {
        ...closed,
        customerId: won.customerId ?? closed.customerId,
        quotedCurrency: quotedCurrency ?? closed.quotedCurrency,
      };
    },
    OpportunityLost: (opportunity, lost, at) => closedAs('lost', opportunity, lost, at),
    OpportunityAbandoned: (opportunity, abandoned, at) => closedAs('abandoned', opportunity, abandoned, at),
    OpportunityReopened: (opportunity, reopened, at) => entered(opportunity, reopened, at),
  },
};

const isSame = (one: Money | undefined, other: Money) =>
  one?.amount === other.amount && one.currency === other.currency;

/** The version that a new opportunity follows: the newest in use, unless one is named. */
function usableVersion(process: SalesProcess, processId: string, wanted: number | undefined): ProcessVersion {
  if (process.status === 'unknown') throw refusal('PROCESS_UNKNOWN', { processId });
  const version =
    wanted === undefined ? process.versions.findLast(({ retired }) => !retired) : process.versions[wanted - 1];
  if (version === undefined) throw refusal('PROCESS_VERSION_UNKNOWN', { processId, processVersion: wanted });
  if (version.retired) throw refusal('PROCESS_VERSION_RETIRED', { processId, processVersion: version.version });
  return version;
}

function firstStage({ version, stages }: ProcessVersion): StageMeaning {
  const first = stages.find(({ kind }) => kind === 'open');
  if (first === undefined) throw refusal('STAGE_UNKNOWN', { processVersion: version });
  return meaningOf(first);
}

/** A closing keeps the stage that it was made in; entering one ends every closing. */
function entered(
  opportunity: Opportunity,
  { toStage, stageVisit }: Pick<DataOf<OpportunityEvent, 'OpportunityReopened'>, 'toStage' | 'stageVisit'>,
  { occurredAt }: Occurrence,
): Opportunity {
  if (opportunity.status === 'unknown') return opportunity;
  const { stageVisits } = opportunity;
  return {
    ...opportunity,
    status: 'open',
    stage: toStage,
    enteredAt: occurredAt,
    stageVisits: stageVisit.begins ?? stageVisits,
  };
}

function settle(opportunity: Opportunity, settled: Settled): Opportunity {
  if (opportunity.status === 'unknown') return opportunity;
  const others = opportunity.settled.filter(({ criterionId }) => criterionId !== settled.criterionId);
  return { ...opportunity, settled: [...others, settled] };
}

function closedAs(
  status: ClosedOpportunity['status'],
  opportunity: Opportunity,
  { closing, closedOn }: Pick<DataOf<OpportunityEvent, 'OpportunityLost'>, 'closing' | 'closedOn'>,
  { eventId }: Occurrence,
): Opportunity {
  if (opportunity.status === 'unknown') return opportunity;
  return { ...opportunity, status, closings: closing, closedOn, closedBy: eventId };
}
