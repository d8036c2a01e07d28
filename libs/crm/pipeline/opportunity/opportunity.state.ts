import type { Context, DataOf, Decider, Money } from '#kernel';
import { Refusal } from '#kernel';
import type { ProcessVersion, SalesProcess } from '../sales-process/sales-process.decider.js';
import type * as commands from './opportunity.commands.js';
import type { OpportunityEvent } from './opportunity.events.js';

export type OpportunityRefusal =
  | 'OPPORTUNITY_UNKNOWN'
  | 'OPPORTUNITY_ALREADY_OPENED'
  | 'OPPORTUNITY_CLOSED'
  | 'PROCESS_UNKNOWN'
  | 'PROCESS_VERSION_UNKNOWN'
  | 'PROCESS_VERSION_RETIRED'
  | 'STAGE_UNKNOWN'
  | 'STAGE_NOT_OPEN'
  | 'STAGE_NOT_LATER'
  | 'STAGE_NOT_EARLIER'
  | 'STAGES_MUST_NOT_BE_SKIPPED'
  | 'REGRESS_NOT_ALLOWED'
  | 'EXIT_CRITERIA_NOT_MET'
  | 'EXIT_CRITERION_UNKNOWN'
  | 'CUSTOMER_REQUIRED'
  | 'CUSTOMER_DIFFERS'
  | 'AMOUNT_REQUIRED'
  | 'CURRENCY_FIXED'
  | 'REOPEN_WINDOW_OVER'
  | 'PERSON_REQUIRED'
  | 'REASON_REQUIRED'
  | 'REASON_TEXT_REQUIRED';

/** A stage with its meaning, as events freeze it. */
export type StageMeaning = DataOf<OpportunityEvent, 'OpportunityOpened'>['stage'];

/** An exit criterion that has evidence or was waived, and by which event. Criterion ids are unique in a process version. */
export interface Settled {
  readonly criterionId: string;
  readonly by: 'evidence' | 'waiver';
  readonly evidence?: string;
  readonly revision: number;
}

interface Known {
  readonly opportunityId: string;
  readonly customerId?: string;
  readonly ownerId?: string;
  readonly processId: string;
  readonly processVersion: number;
  /** The present stage, or the one in which it was closed (PI1). */
  readonly stage: StageMeaning;
  readonly enteredAt: string;
  readonly settled: readonly Settled[];
  readonly amount?: Money;
  readonly expectedClose?: string;
  /** The currency of a quote that it was won with (PI7). */
  readonly quotedCurrency?: string;
  /** How many stage visits and closings there have been; the last visit is open while the opportunity is. */
  readonly stageVisits: number;
  readonly closings: number;
}

export type OpenOpportunity = Known & { readonly status: 'open' };
export type ClosedOpportunity = Known & {
  readonly status: 'won' | 'lost' | 'abandoned';
  /** The event that closed it: what reopening makes void. */
  readonly closedBy: string;
  readonly closedOn: string;
};
export type Opportunity = { readonly status: 'unknown' } | OpenOpportunity | ClosedOpportunity;

/** The process that the opportunity follows. */
export interface OpportunityFacts {
  readonly process: SalesProcess;
}

export type OpportunityContext = Context<OpportunityFacts>;
export type OpportunityDecider = Decider<Opportunity, OpportunityEvent, typeof commands, OpportunityFacts>;
/** Some of the decisions, by the names of their commands. */
export type Decisions<Names extends keyof OpportunityDecider['decide']> = Pick<OpportunityDecider['decide'], Names>;

export const refusal = (code: OpportunityRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<OpportunityRefusal>(code, details);

export function known(opportunity: Opportunity, opportunityId: string): OpenOpportunity | ClosedOpportunity {
  if (opportunity.status === 'unknown') throw refusal('OPPORTUNITY_UNKNOWN', { opportunityId });
  return opportunity;
}

/** Closed opportunities accept only reopening and transfer (PI5). */
export function open(opportunity: Opportunity, opportunityId: string): OpenOpportunity {
  const found = known(opportunity, opportunityId);
  if (found.status === 'open') return found;
  throw refusal('OPPORTUNITY_CLOSED', { opportunityId, status: found.status, closedOn: found.closedOn });
}

/** The version that the opportunity follows for its whole life (PI8), also when it has been retired since. */
export function versionOf({ processId, processVersion }: Known, { process }: OpportunityFacts): ProcessVersion {
  const version = process.status === 'defined' ? process.versions[processVersion - 1] : undefined;
  if (version === undefined) throw refusal('PROCESS_VERSION_UNKNOWN', { processId, processVersion });
  return version;
}

/** A stage that an opportunity may stand in: winning and losing are decisions of their own (PI4). */
export function openStage({ stages }: ProcessVersion, stageId: string): StageMeaning {
  const stage = stages.find(({ id }) => id === stageId);
  if (stage === undefined) throw refusal('STAGE_UNKNOWN', { stageId });
  if (stage.kind !== 'open') throw refusal('STAGE_NOT_OPEN', { stageId, kind: stage.kind });
  return meaningOf(stage);
}

export const meaningOf = ({ id, name, orderIndex, kind, probability }: StageMeaning): StageMeaning => ({
  id,
  name,
  orderIndex,
  kind,
  probability,
});
