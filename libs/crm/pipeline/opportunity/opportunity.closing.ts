import type { Actor, Money } from '#kernel';
import { dayOf, daysBetween } from '../../days.js';
import { isPerson } from '../../people.js';
import { leaving } from './opportunity.stages.js';
import type { ClosedOpportunity, Decisions, OpenOpportunity, OpportunityContext } from './opportunity.state.js';
import { known, open, openStage, refusal, versionOf } from './opportunity.state.js';

/** Winning, losing, giving up, and taking that back. */
export const closingDecisions: Decisions<
  'WinOpportunity' | 'LoseOpportunity' | 'AbandonOpportunity' | 'ReopenOpportunity'
> = {
  WinOpportunity: (opportunity, command, { occurredAt, actor, facts }) => {
    if (opportunity.status === 'won') return [];
    const { opportunityId, closedOn = dayOf(occurredAt), quoteId, quoteRevision } = command;
    const current = open(opportunity, opportunityId);
    const customerId = customerOf(current, command.customerId, actor);
    const finalAmount = finalAmountOf(current, command.finalAmount, actor);
    leaving(current, versionOf(current, facts));
    return [
      {
        type: 'OpportunityWon',
        data: { opportunityId, customerId, finalAmount, quoteId, quoteRevision, closedOn, ...closing(current) },
      },
    ];
  },
  LoseOpportunity: (opportunity, { opportunityId, reasonCode, competitor, reason, ...command }, { occurredAt }) => {
    if (opportunity.status === 'lost') return [];
    const current = open(opportunity, opportunityId);
    if (reasonCode === 'other' && reason?.text === undefined) throw refusal('REASON_TEXT_REQUIRED', { opportunityId });
    const { closedOn = dayOf(occurredAt) } = command;
    return [
      { type: 'OpportunityLost', data: { opportunityId, reasonCode, competitor, closedOn, ...closing(current) } },
    ];
  },
  AbandonOpportunity: (opportunity, { opportunityId, ...command }, { occurredAt }) => {
    if (opportunity.status === 'abandoned') return [];
    const current = open(opportunity, opportunityId);
    const { closedOn = dayOf(occurredAt) } = command;
    return [{ type: 'OpportunityAbandoned', data: { opportunityId, closedOn, ...closing(current) } }];
  },
  ReopenOpportunity: (opportunity, { opportunityId, toStageId, reason }, context) => {
    const closed = known(opportunity, opportunityId);
    if (closed.status === 'open') return [];
    if (!isPerson(context.actor)) throw refusal('PERSON_REQUIRED', { opportunityId });
    if (reason === undefined) throw refusal('REASON_REQUIRED', { opportunityId });
    const version = versionOf(closed, context.facts);
    withinWindow(closed, version.rules.reopenWindowDays, context);
    return [
      {
        type: 'OpportunityReopened',
        data: {
          opportunityId,
          voidsClosing: closed.closedBy,
          closing: closed.closings,
          toStage: openStage(version, toStageId ?? closed.stage.id),
          stageVisit: { begins: closed.stageVisits + 1 },
        },
      },
    ];
  },
};

const closing = ({ stage, closings, stageVisits }: OpenOpportunity) => ({
  fromStage: stage,
  closing: closings + 1,
  stageVisit: { ends: stageVisits },
});

/** Somebody bought; only history that was imported may not know who (PI4). */
function customerOf(
  { opportunityId, customerId }: OpenOpportunity,
  given: string | undefined,
  { kind }: Actor,
): string | undefined {
  if (customerId !== undefined && given !== undefined && customerId !== given)
    throw refusal('CUSTOMER_DIFFERS', { opportunityId, customerId });
  if (customerId === undefined && given === undefined && kind !== 'import')
    throw refusal('CUSTOMER_REQUIRED', { opportunityId });
  return customerId ?? given;
}

/** A deal is won at an amount above zero; only imported history may not know it, and nothing is invented there (PI4). */
function finalAmountOf(current: OpenOpportunity, given: Money | undefined, { kind }: Actor): Money | undefined {
  const { opportunityId } = current;
  if (given === undefined && kind === 'import') return undefined;
  const finalAmount = given ?? current.amount;
  if (finalAmount === undefined || finalAmount.amount <= 0) throw refusal('AMOUNT_REQUIRED', { opportunityId });
  checkCurrency(current, finalAmount);
  return finalAmount;
}

/** Once a quote has won the deal, its currency stays, also when the deal is opened again (PI7). */
export function checkCurrency({ opportunityId, quotedCurrency }: OpenOpportunity, { currency }: Money) {
  if (quotedCurrency !== undefined && quotedCurrency !== currency)
    throw refusal('CURRENCY_FIXED', { opportunityId, currency: quotedCurrency });
}

function withinWindow(
  { opportunityId, closedOn }: ClosedOpportunity,
  windowDays: number | undefined,
  { occurredAt }: OpportunityContext,
) {
  if (windowDays !== undefined && daysBetween(closedOn, dayOf(occurredAt)) > windowDays)
    throw refusal('REOPEN_WINDOW_OVER', { opportunityId, closedOn, windowDays });
}
