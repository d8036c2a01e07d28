import type { Occurrence } from '#kernel';
import { mayClaim, mayOverrideCap, releasedBy } from '../../claiming.js';
import { begins, ends, heldBy, passes } from '../../ownership.js';
import type { Customer, CustomerDecider, KnownCustomer } from './customer.state.js';
import { known, learn, refusal } from './customer.state.js';

/** Who owns the customer: claimed, assigned, transferred, returned. One owner at a time (CI6). */
export const ownershipDecisions: Pick<
  CustomerDecider['decide'],
  'ClaimCustomer' | 'AssignCustomer' | 'TransferCustomer' | 'ReturnCustomer'
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
};

export const ownershipSteps: Pick<
  CustomerDecider['evolve'],
  'CustomerClaimed' | 'CustomerAssigned' | 'CustomerTransferred' | 'CustomerReturned'
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
};

const isOwnedBy = (customer: Customer, employeeId: string) =>
  customer.status === 'owned' && customer.ownerId === employeeId;

/** A pooled customer may be taken; the loser of a race learns that it was. */
function inPool(customer: Customer, customerId: string) {
  const who = known(customer, customerId);
  if (who.status === 'pooled') return who;
  throw refusal('CUSTOMER_ALREADY_CLAIMED', { customerId, by: who.ownerId, at: who.ownedSince });
}

export function owned(customer: Customer, customerId: string) {
  const who = known(customer, customerId);
  if (who.status === 'owned') return who;
  throw refusal('CUSTOMER_NOT_OWNED', { customerId });
}

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
export const pooledAgain = (customer: KnownCustomer, poolId: string | undefined, at: Occurrence): KnownCustomer => {
  const { customerId, partyType, profile, classification, identities, ownershipVisits } = customer;
  const { revision, revisedAt, proposals } = customer;
  return {
    status: 'pooled',
    customerId,
    partyType,
    poolId,
    profile,
    classification,
    identities,
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
