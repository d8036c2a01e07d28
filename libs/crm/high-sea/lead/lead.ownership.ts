import { mayClaim, mayOverrideCap, releasedBy } from '../../claiming.js';
import { begins, ends, heldBy, passes } from '../../ownership.js';
import type { KnownLead, LeadDecider } from './lead.state.js';
import { inPool, isOwned, isOwnedBy, owned, pooledAgain, refusal, takenBy } from './lead.state.js';

/** Who owns the lead: claimed, assigned, transferred, returned. One owner at a time (LI1). */
export const ownershipDecisions: Pick<
  LeadDecider['decide'],
  'ClaimLead' | 'AssignLead' | 'TransferLead' | 'ReturnLead'
> = {
  ClaimLead: (lead, command, context) => {
    const { leadId, claimantId = context.actor.id } = command;
    if (isOwnedBy(lead, claimantId)) return [];
    const pooled = inPool(lead, leadId);
    mayClaim(pooled, claimantId, context);
    const { poolId } = pooled;
    const claimPolicyVersion = context.facts.pool?.claimPolicy?.policyVersion;
    return [
      {
        type: 'LeadClaimed',
        data: { leadId, claimantId, poolId, fromState: 'pooled', claimPolicyVersion, ...takes(pooled) },
      },
    ];
  },
  AssignLead: (lead, { leadId, assigneeId, ...command }, context) => {
    if (isOwnedBy(lead, assigneeId)) return [];
    const { poolId, ...pooled } = inPool(lead, leadId);
    mayOverrideCap(assigneeId, command, context);
    const assignerId = context.actor.id;
    const overridesHoldingCap = command.overrideHoldingCap;
    return [
      {
        type: 'LeadAssigned',
        data: { leadId, assigneeId, assignerId, poolId, overridesHoldingCap, ...takes(pooled) },
      },
    ];
  },
  TransferLead: (lead, { leadId, toOwner, reassignFollowUps = false, ...command }, context) => {
    const { ownerId: fromOwner, ownershipVisits } = owned(lead, leadId);
    if (fromOwner === toOwner) return [];
    mayOverrideCap(toOwner, command, context);
    const ownershipVisit = passes(ownershipVisits);
    const overridesHoldingCap = command.overrideHoldingCap;
    return [
      {
        type: 'LeadTransferred',
        data: { leadId, fromOwner, toOwner, reassignFollowUps, overridesHoldingCap, ownershipVisit },
      },
    ];
  },
  ReturnLead: (lead, { leadId, reasonCode, targetPoolId, reason }) => {
    if (lead.status === 'pooled') return [];
    const held = owned(lead, leadId);
    const { ownerId, poolId } = held;
    if (reasonCode === 'other' && reason?.text === undefined) throw refusal('REASON_TEXT_REQUIRED', { leadId });
    return [
      {
        type: 'LeadReturned',
        data: { leadId, ownerId, reasonCode, targetPoolId: targetPoolId ?? poolId, ...givesBack(held) },
      },
    ];
  },
};

export const ownershipSteps: Pick<
  LeadDecider['evolve'],
  'LeadClaimed' | 'LeadAssigned' | 'LeadTransferred' | 'LeadReturned'
> = {
  LeadClaimed: (lead, claim, at) => takenBy(lead, claim.claimantId, claim, at, claim.protectedUntil),
  LeadAssigned: (lead, assignment, at) => takenBy(lead, assignment.assigneeId, assignment, at),
  LeadTransferred: (lead, { toOwner, ownershipVisit }, at) =>
    isOwned(lead)
      ? {
          ...lead,
          ...heldBy(toOwner, at),
          ownershipVisits: ownershipVisit.begins ?? lead.ownershipVisits,
          releases: releasedBy(lead.releases, lead.ownerId, at),
        }
      : lead,
  LeadReturned: (lead, { targetPoolId, stageVisit }, at) => pooledAgain(lead, targetPoolId, stageVisit, at),
};

type Visits = Pick<KnownLead, 'stageVisits' | 'ownershipVisits'>;
const takes = ({ stageVisits, ownershipVisits }: Visits) => ({
  stageVisit: passes(stageVisits),
  ownershipVisit: begins(ownershipVisits),
});
export const givesBack = ({ stageVisits, ownershipVisits }: Visits) => ({
  stageVisit: passes(stageVisits),
  ownershipVisit: ends(ownershipVisits),
});
