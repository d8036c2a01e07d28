import { daysIdle, ends, isProtected } from '../../ownership.js';
import type { RecycleStep } from '../../recycling.js';
import { active, isQualifying, nextRecycleStep, recycleAfterWarning } from '../../recycling.js';
import { owned, pooledAgain } from './customer.ownership.js';
import type { CustomerDecider, KnownCustomer } from './customer.state.js';
import { known, learn, refusal } from './customer.state.js';

/** LI7–LI9 for customers: what is neglected goes back to a pool, after a warning, unless somebody comes before it. */
export const recyclingDecisions: Pick<
  CustomerDecider['decide'],
  'NoteCustomerActivity' | 'WarnOfCustomerRecycle' | 'RecycleCustomer'
> = {
  NoteCustomerActivity: (customer, { customerId, followUpId, channel, outcome }) => {
    const who = known(customer, customerId);
    if (who.status !== 'owned' || !isQualifying({ outcome })) return [];
    if (who.notedFollowUps?.includes(followUpId) === true) return [];
    return [{ type: 'CustomerActivityNoted', data: { customerId, followUpId, channel, outcome } }];
  },
  WarnOfCustomerRecycle: (customer, { customerId }, { occurredAt, facts }) => {
    const held = owned(customer, customerId);
    const step = nextRecycleStep(held, facts.pool, kindOf(held));
    if (step === undefined) throw refusal('NO_RECYCLE_RULE', { customerId, poolId: held.poolId });
    if (step.kind === 'recycle') throw refusal('OWNER_ALREADY_WARNED', { customerId, ownerId: held.ownerId });
    if (occurredAt < step.at) throw refusal('CUSTOMER_STILL_ACTIVE', { customerId, warnAt: step.at });
    const { rule, policyVersion } = step;
    const recycleAt = recycleAfterWarning(step, occurredAt);
    return [
      {
        type: 'CustomerRecycleWarned',
        data: { customerId, ownerId: held.ownerId, ruleId: rule.ruleId, policyVersion, recycleAt },
      },
    ];
  },
  RecycleCustomer: (customer, { customerId, trigger, targetPoolId, ...command }, context) => {
    if (customer.status === 'pooled') return [];
    const held = owned(customer, customerId);
    const step = trigger === 'no_follow_up' ? nextRecycleStep(held, context.facts.pool, kindOf(held)) : undefined;
    const { openOpportunityIds = [], lastContractEnd } = command;
    const threshold = step?.rule.days ?? command.thresholdDays;
    if (threshold === undefined) throw refusal('NO_RECYCLE_RULE', { customerId, poolId: held.poolId });
    if (trigger === 'contract_ended' && lastContractEnd === undefined)
      throw refusal('CONTRACT_END_REQUIRED', { customerId });
    if (trigger === 'no_opportunity' && openOpportunityIds.length > 0)
      throw refusal('CUSTOMER_STILL_ACTIVE', { customerId, openOpportunityIds });
    const lastQualifyingActivityAt = held.lastQualifyingActivityAt ?? command.lastQualifyingActivityAt;
    const idleDays = daysIdle(held, [lastQualifyingActivityAt, endOf(lastContractEnd)], context);
    if (idleDays < threshold)
      throw refusal('CUSTOMER_STILL_ACTIVE', { customerId, idleDays, thresholdDays: threshold });
    if (isProtected(held, context))
      throw refusal('CUSTOMER_PROTECTED', { customerId, protectedUntil: held.protectedUntil });
    mustBeWarned(step, customerId, context.occurredAt);
    return [
      {
        type: 'CustomerRecycled',
        data: {
          customerId,
          previousOwnerId: held.ownerId,
          targetPoolId: step?.rule.targetPoolId ?? targetPoolId ?? held.poolId,
          ruleId: step?.rule.ruleId ?? command.ruleId,
          policyVersion: step?.policyVersion ?? command.policyVersion,
          basis: { trigger, lastQualifyingActivityAt, idleDays, threshold, openOpportunityIds, lastContractEnd },
          warnedAt: step?.warned?.at ?? command.warnedAt,
          ownershipVisit: ends(held.ownershipVisits),
        },
      },
    ];
  },
};

export const recyclingSteps: Pick<
  CustomerDecider['evolve'],
  'CustomerActivityNoted' | 'CustomerRecycleWarned' | 'CustomerRecycled'
> = {
  CustomerActivityNoted: learn((customer, { followUpId }, { occurredAt }) =>
    customer.status === 'owned' ? active(customer, followUpId, occurredAt) : customer,
  ),
  CustomerRecycleWarned: learn((customer, { ruleId, policyVersion }, { occurredAt: at }) =>
    customer.status === 'owned' ? { ...customer, warned: { at, ruleId, policyVersion } } : customer,
  ),
  CustomerRecycled: learn((customer, { targetPoolId }, at) => pooledAgain(customer, targetPoolId, at)),
};

const kindOf = ({ classification }: KnownCustomer) => ({
  entityKind: 'customer' as const,
  level: classification['level'],
});

/** A contract runs until the end of its last day. */
const endOf = (day: string | undefined) => (day === undefined ? undefined : `${day}T23:59:59.999Z`);

/** LI9: where a rule of the pool takes the customer, its owner was warned in time. */
function mustBeWarned(step: RecycleStep | undefined, customerId: string, occurredAt: string): void {
  if (step?.kind === 'warn') throw refusal('OWNER_NOT_WARNED', { customerId });
  if (step !== undefined && occurredAt < step.at)
    throw refusal('OWNER_WARNED_TOO_LATE', { customerId, warnedAt: step.warned?.at, recycleAt: step.at });
}
