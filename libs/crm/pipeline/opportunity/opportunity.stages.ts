import { isPerson } from '../../people.js';
import type { ProcessVersion, Stage } from '../sales-process/sales-process.decider.js';
import type { Decisions, OpenOpportunity, Settled } from './opportunity.state.js';
import { open, openStage, refusal, versionOf } from './opportunity.state.js';

/** Moving along the stages of the process, and what must be settled before a stage is left. */
export const stageDecisions: Decisions<'AdvanceStage' | 'RegressStage' | 'RecordStageOutcome' | 'WaiveStageExit'> = {
  AdvanceStage: (opportunity, { opportunityId, toStageId }, { facts }) => {
    const current = open(opportunity, opportunityId);
    if (current.stage.id === toStageId) return [];
    const version = versionOf(current, facts);
    const toStage = openStage(version, toStageId);
    if (toStage.orderIndex < current.stage.orderIndex)
      throw refusal('STAGE_NOT_LATER', { opportunityId, fromStageId: current.stage.id, toStageId });
    return [
      { type: 'StageAdvanced', data: { ...move(current), toStage, ...leaving(current, version, toStage.orderIndex) } },
    ];
  },
  RegressStage: (opportunity, { opportunityId, toStageId, reason }, { facts }) => {
    const current = open(opportunity, opportunityId);
    if (current.stage.id === toStageId) return [];
    const version = versionOf(current, facts);
    const toStage = openStage(version, toStageId);
    if (toStage.orderIndex > current.stage.orderIndex)
      throw refusal('STAGE_NOT_EARLIER', { opportunityId, fromStageId: current.stage.id, toStageId });
    if (!version.rules.allowRegress) throw refusal('REGRESS_NOT_ALLOWED', { opportunityId });
    if (reason === undefined) throw refusal('REASON_REQUIRED', { opportunityId });
    return [{ type: 'StageRegressed', data: { ...move(current), toStage, skippedStageIds: [], criteriaEvidence: [] } }];
  },
  RecordStageOutcome: (opportunity, { opportunityId, criterionId, evidence }, { facts }) => {
    const current = open(opportunity, opportunityId);
    const stageId = stageOf(criterionId, versionOf(current, facts));
    const settled = settledBy(current, criterionId);
    if (settled?.by === 'evidence' && settled.evidence === evidence) return [];
    return [{ type: 'StageOutcomeRecorded', data: { opportunityId, stageId, criterionId, evidence } }];
  },
  WaiveStageExit: (opportunity, { opportunityId, criterionId, reason }, { facts, actor }) => {
    const current = open(opportunity, opportunityId);
    const stageId = stageOf(criterionId, versionOf(current, facts));
    if (settledBy(current, criterionId)) return [];
    if (!isPerson(actor)) throw refusal('PERSON_REQUIRED', { opportunityId, criterionId });
    if (reason === undefined) throw refusal('REASON_REQUIRED', { opportunityId, criterionId });
    return [{ type: 'StageExitWaived', data: { opportunityId, stageId, criterionId, waivedBy: actor.id } }];
  },
};

/** What leaving the present stage for a later place, or for good, skips and settles (PI2, PI3); refused when it may not. */
export function leaving(current: OpenOpportunity, { stages, rules }: ProcessVersion, toOrderIndex = Infinity) {
  const { opportunityId, stage: from } = current;
  const between = ({ kind, orderIndex }: Stage) =>
    kind === 'open' && orderIndex > from.orderIndex && orderIndex < toOrderIndex;
  const skipped = stages.filter(between);
  const skippedStageIds = skipped.map(({ id }) => id);
  if (skipped.length > 0 && !rules.allowSkip)
    throw refusal('STAGES_MUST_NOT_BE_SKIPPED', { opportunityId, skippedStageIds });
  const required = [...stages.filter(({ id }) => id === from.id), ...skipped].flatMap(({ exitCriteria }) =>
    exitCriteria.filter((criterion) => criterion.required).map(({ id }) => id),
  );
  const missing = required.filter((criterionId) => !settledBy(current, criterionId));
  if (missing.length > 0) throw refusal('EXIT_CRITERIA_NOT_MET', { opportunityId, missing });
  const criteriaEvidence = current.settled
    .filter(({ criterionId }) => required.includes(criterionId))
    .map(({ criterionId, revision }) => ({ criterionId, recordedAtRevision: revision }));
  return { skippedStageIds, criteriaEvidence };
}

const settledBy = ({ settled }: OpenOpportunity, wanted: string): Settled | undefined =>
  settled.find(({ criterionId }) => criterionId === wanted);

/** What both directions of a move freeze. */
const move = (from: OpenOpportunity) => ({
  opportunityId: from.opportunityId,
  fromStage: from.stage,
  processVersion: from.processVersion,
  amountAtMove: from.amount,
  expectedCloseAtMove: from.expectedClose,
  enteredPreviousAt: from.enteredAt,
  stageVisit: { ends: from.stageVisits, begins: from.stageVisits + 1 },
});

/** Criteria may be settled early: those of a stage that will be skipped must be. */
function stageOf(wanted: string, { stages }: ProcessVersion): string {
  const stage = stages.find(({ exitCriteria }) => exitCriteria.some(({ id }) => id === wanted));
  if (stage === undefined) throw refusal('EXIT_CRITERION_UNKNOWN', { criterionId: wanted });
  return stage.id;
}
