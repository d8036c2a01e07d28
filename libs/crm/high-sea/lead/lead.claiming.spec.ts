import { test } from '@jest/globals';
import { NOW, spec } from '../../../../test/spec.js';
import type { TakingFacts } from '../../claiming.js';
import type { KnownPool } from '../pool/pool.decider.js';
import { AssignLead, ClaimLead, TransferLead } from './lead.commands.js';
import { lead } from './lead.decider.js';
import type { LeadEvent } from './lead.events.js';

const leadId = '1ead0000-0000-4000-8000-000000000001';
const poolId = 'b0010000-0000-4000-8000-000000000001';
const fang = 'e0000000-0000-4000-8000-000000000002';
const lei = 'e0000000-0000-4000-8000-000000000003';
const manager = { id: 'e0000000-0000-4000-8000-000000000009', kind: 'human' } as const;

const pool: KnownPool = {
  status: 'open',
  poolId,
  zone: 'Asia/Shanghai',
  members: [fang, lei],
  claimPolicy: { policyVersion: 3, previousOwnerCoolOffDays: 7, newEntryEmbargoHours: 24 },
};
const after = (hours: number) => new Date(Date.parse(NOW) + hours * 3_600_000).toISOString();
const at = (hours: number, facts: TakingFacts = { pool }) => ({ occurredAt: after(hours), now: after(hours), facts });

const captured: LeadEvent = { type: 'LeadCaptured', data: { leadId, poolId, stageVisit: { begins: 1 } } };
const visits = { stageVisit: { ends: 1, begins: 2 }, ownershipVisit: { begins: 1 } };
const claimedBy = (claimantId: string): LeadEvent => ({
  type: 'LeadClaimed',
  data: { leadId, claimantId, poolId, fromState: 'pooled', ...visits },
});
const returnedBy = (ownerId: string): LeadEvent => ({
  type: 'LeadReturned',
  data: {
    leadId,
    ownerId,
    reasonCode: 'no_need',
    targetPoolId: poolId,
    stageVisit: { ends: 2, begins: 3 },
    ownershipVisit: { ends: 1 },
  },
});
const transferredTo = (toOwner: string, fromOwner: string): LeadEvent => ({
  type: 'LeadTransferred',
  data: { leadId, fromOwner, toOwner, reassignFollowUps: false, ownershipVisit: { ends: 1, begins: 2 } },
});

const { given } = spec(lead, {});
const claim = (claimantId = fang) => ClaimLead.of({ leadId, claimantId });

test('a member claims, under the version of the policy that held', () =>
  given(captured)
    .when(claim(), at(24))
    .then({
      type: 'LeadClaimed',
      data: { leadId, claimantId: fang, poolId, fromState: 'pooled', claimPolicyVersion: 3, ...visits },
    }));
test('who is no member does not claim', () =>
  given(captured).when(claim(manager.id), at(24)).thenRefused('NOT_A_POOL_MEMBER', { poolId }));
test('who has left does not claim', () =>
  given(captured)
    .when(claim(), at(48, { pool, takerDepartedOn: '2026-11-23' }))
    .thenRefused('CLAIMANT_DEPARTED'));
test('from a retired pool nothing is claimed', () =>
  given(captured)
    .when(claim(), at(24, { pool: { ...pool, status: 'retired' } }))
    .thenRefused('POOL_RETIRED'));
test('a pool that was never defined limits nothing', () =>
  given(captured)
    .when(claim(), at(0, {}))
    .then({
      type: 'LeadClaimed',
      data: { leadId, claimantId: fang, poolId, fromState: 'pooled', ...visits },
    }));

test('what is new in the pool waits for its embargo', () =>
  given(captured)
    .when(claim(), at(23))
    .thenRefused('POOL_EMBARGO', { until: after(24) }));
test('the embargo counts from coming into the pool, not from the last change', () =>
  given(
    { event: captured, occurredAt: after(-1000) },
    { event: claimedBy(lei), occurredAt: after(-900) },
    { event: returnedBy(lei), occurredAt: after(0) },
    {
      event: { type: 'LeadProfileCorrected', data: { leadId, changes: [] } },
      occurredAt: after(20),
    },
  )
    .when(claim(), at(23))
    .thenRefused('POOL_EMBARGO', { until: after(24) }));

const passedOn = [
  { event: captured, occurredAt: after(-300) },
  { event: claimedBy(fang), occurredAt: after(-200) },
  { event: transferredTo(lei, fang), occurredAt: after(-100) },
  { event: returnedBy(lei), occurredAt: after(0) },
];
test('the last owner cools off, counted from the release', () =>
  given(...passedOn)
    .when(claim(lei), at(7 * 24 - 1))
    .thenRefused('COOLING_OFF', { until: after(7 * 24) }));
test('an owner before the last one cools off too', () =>
  given(...passedOn)
    .when(claim(fang), at(48))
    .thenRefused('COOLING_OFF', { until: after(7 * 24 - 100) }));
test('after the cool-off a former owner may claim again', () =>
  given(...passedOn)
    .when(claim(fang), at(7 * 24 - 100))
    .then({
      type: 'LeadClaimed',
      data: {
        leadId,
        claimantId: fang,
        poolId,
        fromState: 'pooled',
        claimPolicyVersion: 3,
        stageVisit: { ends: 3, begins: 4 },
        ownershipVisit: { begins: 3 },
      },
    }));

const override = AssignLead.of({
  leadId,
  assigneeId: fang,
  overrideHoldingCap: true,
  reason: { code: 'key_account' },
});
test('a manager of the assignee overrides the cap, with a reason', () =>
  given(captured)
    .when(override, { actor: manager, facts: { pool, managersOfTaker: [manager.id] } })
    .then({
      type: 'LeadAssigned',
      data: { leadId, assigneeId: fang, assignerId: manager.id, poolId, overridesHoldingCap: true, ...visits },
    }));
test('the manager of somebody else does not override it', () =>
  given(captured)
    .when(override, { actor: manager, facts: { pool, managersOfTaker: [lei] } })
    .thenRefused('OVERRIDE_NEEDS_MANAGER'));
test('without a reason nobody overrides it', () =>
  given(captured, claimedBy(lei))
    .when(TransferLead.of({ leadId, toOwner: fang, overrideHoldingCap: true }), {
      actor: manager,
      facts: { pool, managersOfTaker: [manager.id] },
    })
    .thenRefused('REASON_REQUIRED'));
