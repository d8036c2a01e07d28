import { daysIdle, isProtected } from '../../ownership.js';
import { active, isQualifying, nextRecycleStep, recycleAfterWarning } from '../../recycling.js';
import { givesBack } from './lead.ownership.js';
import type { LeadDecider } from './lead.state.js';
import { isKnown, isOwned, owned, pooledAgain, refusal } from './lead.state.js';

const kind = { entityKind: 'lead' } as const;

/** LI7–LI9: what is not followed up goes back to a pool, after a warning, unless somebody comes before it. */
export const recyclingDecisions: Pick<LeadDecider['decide'], 'NoteLeadActivity' | 'WarnOfLeadRecycle' | 'RecycleLead'> =
  {
    NoteLeadActivity: (lead, { leadId, followUpId, channel, outcome }) => {
      if (!isKnown(lead)) throw refusal('LEAD_UNKNOWN', { leadId });
      if (!isOwned(lead) || !isQualifying({ outcome })) return [];
      if (lead.notedFollowUps?.includes(followUpId) === true) return [];
      return [{ type: 'LeadActivityNoted', data: { leadId, followUpId, channel, outcome } }];
    },
    WarnOfLeadRecycle: (lead, { leadId }, { occurredAt, facts }) => {
      const held = owned(lead, leadId);
      const step = nextRecycleStep(held, facts.pool, kind);
      if (step === undefined) throw refusal('NO_RECYCLE_RULE', { leadId, poolId: held.poolId });
      if (step.kind === 'recycle') throw refusal('OWNER_ALREADY_WARNED', { leadId, ownerId: held.ownerId });
      if (occurredAt < step.at) throw refusal('LEAD_STILL_ACTIVE', { leadId, warnAt: step.at });
      const { rule, policyVersion } = step;
      const recycleAt = recycleAfterWarning(step, occurredAt);
      return [
        {
          type: 'LeadRecycleWarned',
          data: { leadId, ownerId: held.ownerId, ruleId: rule.ruleId, policyVersion, recycleAt },
        },
      ];
    },
    RecycleLead: (lead, { leadId, ...command }, context) => {
      if (lead.status === 'pooled') return [];
      const held = owned(lead, leadId);
      const step = nextRecycleStep(held, context.facts.pool, kind);
      const threshold = step?.rule.days ?? command.thresholdDays;
      if (threshold === undefined) throw refusal('NO_RECYCLE_RULE', { leadId, poolId: held.poolId });
      const lastQualifyingActivityAt = held.lastQualifyingActivityAt ?? command.lastQualifyingActivityAt;
      const idleDays = daysIdle(held, [lastQualifyingActivityAt], context);
      if (idleDays < threshold) throw refusal('LEAD_STILL_ACTIVE', { leadId, idleDays, thresholdDays: threshold });
      if (isProtected(held, context)) throw refusal('LEAD_PROTECTED', { leadId, protectedUntil: held.protectedUntil });
      if (step?.kind === 'warn') throw refusal('OWNER_NOT_WARNED', { leadId, ownerId: held.ownerId });
      if (step !== undefined && context.occurredAt < step.at)
        throw refusal('OWNER_WARNED_TOO_LATE', { leadId, warnedAt: step.warned?.at, recycleAt: step.at });
      return [
        {
          type: 'LeadRecycled',
          data: {
            leadId,
            previousOwnerId: held.ownerId,
            targetPoolId: step?.rule.targetPoolId ?? command.targetPoolId ?? held.poolId,
            ruleId: step?.rule.ruleId ?? command.ruleId,
            policyVersion: step?.policyVersion ?? command.policyVersion,
            basis: { lastQualifyingActivityAt, idleDays, threshold },
            warnedAt: step?.warned?.at ?? command.warnedAt,
            ...givesBack(held),
          },
        },
      ];
    },
  };

export const recyclingSteps: Pick<LeadDecider['evolve'], 'LeadActivityNoted' | 'LeadRecycleWarned' | 'LeadRecycled'> = {
  LeadActivityNoted: (lead, { followUpId }, { occurredAt }) =>
    isOwned(lead) ? active(lead, followUpId, occurredAt) : lead,
  LeadRecycleWarned: (lead, { ruleId, policyVersion }, { occurredAt: at }) =>
    isOwned(lead) ? { ...lead, warned: { at, ruleId, policyVersion } } : lead,
  LeadRecycled: (lead, { targetPoolId, stageVisit }, at) => pooledAgain(lead, targetPoolId, stageVisit, at),
};
