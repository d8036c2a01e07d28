import type { Occurrence } from '#kernel';
import { mayClaim, mayOverrideCap, releasedBy } from '../../claiming.js';
import { begins, daysIdle, ends, heldBy, isProtected, passes } from '../../ownership.js';
import type { Customer, CustomerDecider, KnownCustomer } from './customer.state.js';
import { known, learn, refusal } from './customer.state.js';

/** Who owns the customer: claimed, assigned, transferred, returned, recycled. One owner at a time (CI6). */
export const ownershipDecisions: Pick<
  CustomerDecider['decide'],
  'ClaimCustomer' | 'AssignCustomer' | 'TransferCustomer' | 'ReturnCustomer' | 'RecycleCustomer'
> = {
  ClaimCustomer: (customer, { customerId, claimantId }, context) => {
    if (isOwnedBy(customer, claimantId)) return [];
    const pooled = inPool(customer, customerId);
    mayClaim(pooled, claimantId, context);
    const { poolId, ownershipVisits } = pooled;
    const claimPolicyVersion = context.facts.pool?.claimPolicy?.policyVersion;
    const ownershipVisit = begins(ownershipVisits);
    return [
      {
        type: 'CustomerClaimed',
        data: { customerId, claimantId, poolId, fromState: 'pooled', claimPolicyVersion, ownershipVisit },
      },
    ];
  },
  AssignCustomer: (customer, { customerId, assigneeId, ...command }, context) => {
    if (isOwnedBy(customer, assigneeId)) return [];
    const { poolId, ownershipVisits } = inPool(customer, customerId);
    mayOverrideCap(assigneeId, command, context);
    const assignerId = context.actor.id;
    const overridesHoldingCap = command.overrideHoldingCap;
    const ownershipVisit = begins(ownershipVisits);
    return [
      {
        type: 'CustomerAssigned',
        data: { customerId, assigneeId, assignerId, poolId, overridesHoldingCap, ownershipVisit },
      },
    ];
  },
  TransferCustomer: (customer, { customerId, toOwner, reassignFollowUps = false, ...command }, context) => {
    const { ownerId: fromOwner, ownershipVisits } = owned(customer, customerId);
    if (fromOwner === toOwner) return [];
    if (command.reason === undefined) throw refusal('REASON_REQUIRED', { customerId });
    mayOverrideCap(toOwner, command, context);
    const overridesHoldingCap = command.overrideHoldingCap;
    const ownershipVisit = passes(ownershipVisits);
    return [
      {
        type: 'CustomerTransferred',
        data: { customerId, fromOwner, toOwner, reassignFollowUps, overridesHoldingCap, ownershipVisit },
      },
    ];
  },
  ReturnCustomer: (customer, { customerId, reasonCode, targetPoolId, reason }) => {
    if (customer.status === 'pooled') return [];
    const { ownerId, poolId, ownershipVisits } = owned(customer, customerId);
    if (reasonCode === 'other' && reason?.text === undefined) throw refusal('REASON_TEXT_REQUIRED', { customerId });
    return [
      {
        type: 'CustomerReturned',
        data: {
          customerId,
          ownerId,
          reasonCode,
          targetPoolId: targetPoolId ?? poolId,
          ownershipVisit: ends(ownershipVisits),
        },
      },
    ];
  },
  RecycleCustomer: (customer, { customerId, trigger, thresholdDays, targetPoolId, ...command }, context) => {
    if (customer.status === 'pooled') return [];
    const held = owned(customer, customerId);
    const { lastQualifyingActivityAt, openOpportunityIds = [], lastContractEnd } = command;
    if (trigger === 'contract_ended' && lastContractEnd === undefined)
      throw refusal('CONTRACT_END_REQUIRED', { customerId });
    if (trigger === 'no_opportunity' && openOpportunityIds.length > 0)
      throw refusal('CUSTOMER_STILL_ACTIVE', { customerId, openOpportunityIds });
    const idleDays = daysIdle(held, [lastQualifyingActivityAt, endOf(lastContractEnd)], context);
    if (idleDays < thresholdDays) throw refusal('CUSTOMER_STILL_ACTIVE', { customerId, idleDays, thresholdDays });
    if (isProtected(held, context))
      throw refusal('CUSTOMER_PROTECTED', { customerId, protectedUntil: held.protectedUntil });
    return [
      {
        type: 'CustomerRecycled',
        data: {
          customerId,
          previousOwnerId: held.ownerId,
          targetPoolId: targetPoolId ?? held.poolId,
          ruleId: command.ruleId,
          policyVersion: command.policyVersion,
          basis: {
            trigger,
            lastQualifyingActivityAt,
            idleDays,
            threshold: thresholdDays,
            openOpportunityIds,
            lastContractEnd,
          },
          warnedAt: command.warnedAt,
          ownershipVisit: ends(held.ownershipVisits),
        },
      },
    ];
  },
};

export const ownershipSteps: Pick<
  CustomerDecider['evolve'],
  'CustomerClaimed' | 'CustomerAssigned' | 'CustomerTransferred' | 'CustomerReturned' | 'CustomerRecycled'
> = {
  CustomerClaimed: learn((customer, { claimantId, ownershipVisit, protectedUntil }, at) =>
    takenBy(customer, claimantId, ownershipVisit, at, protectedUntil),
  ),
  CustomerAssigned: learn((customer, { assigneeId, ownershipVisit }, at) =>
    takenBy(customer, assigneeId, ownershipVisit, at),
  ),
  CustomerTransferred: learn((customer, { toOwner, ownershipVisit }, at) =>
    takenBy(customer, toOwner, ownershipVisit, at),
  ),
  CustomerReturned: learn((customer, { targetPoolId }, at) => pooledAgain(customer, targetPoolId, at)),
  CustomerRecycled: learn((customer, { targetPoolId }, at) => pooledAgain(customer, targetPoolId, at)),
};

const isOwnedBy = (customer: Customer, employeeId: string) =>
  customer.status === 'owned' && customer.ownerId === employeeId;

/** A pooled customer may be taken; the loser of a race learns that it was. */
function inPool(customer: Customer, customerId: string) {
  const who = known(customer, customerId);
  if (who.status === 'pooled') return who;
  throw refusal('CUSTOMER_ALREADY_CLAIMED', { customerId, by: who.ownerId, at: who.ownedSince });
}

function owned(customer: Customer, customerId: string) {
  const who = known(customer, customerId);
  if (who.status === 'owned') return who;
  throw refusal('CUSTOMER_NOT_OWNED', { customerId });
}

/** A contract runs until the end of its last day. */
const endOf = (day: string | undefined) => (day === undefined ? undefined : `${day}T23:59:59.999Z`);

const takenBy = (
  customer: KnownCustomer,
  ownerId: string,
  visit: { readonly begins?: number },
  at: Occurrence,
  protectedUntil?: string,
): KnownCustomer => ({
  ...customer,
  ...heldBy(ownerId, at, protectedUntil),
  status: 'owned',
  releases: releasesOf(customer, at),
  ownershipVisits: visit.begins ?? customer.ownershipVisits,
});

/** In a pool again, from this moment on; whoever owned it until then is a former owner now. */
const pooledAgain = (customer: KnownCustomer, poolId: string | undefined, at: Occurrence): KnownCustomer => {
  const { customerId, profile, classification, ownershipVisits, revision, revisedAt, proposals } = customer;
  return {
    status: 'pooled',
    customerId,
    poolId,
    profile,
    classification,
    ownershipVisits,
    revision,
    revisedAt,
    proposals,
    pooledSince: at.occurredAt,
    releases: releasesOf(customer, at),
  };
};

const releasesOf = (customer: KnownCustomer, at: Occurrence) =>
  releasedBy(customer.releases, customer.status === 'owned' ? customer.ownerId : undefined, at);
