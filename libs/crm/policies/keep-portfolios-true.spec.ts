import { test } from '@jest/globals';
import { cancel, schedule, send } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import { AddHolding, RemoveHolding, SettleHolding } from '../high-sea/portfolio/portfolio.commands.js';
import type { PortfolioEvent } from '../high-sea/portfolio/portfolio.events.js';
import { keepPortfoliosTrue } from './keep-portfolios-true.policy.js';

const { when, due } = policySpec(keepPortfoliosTrue);
const [fang, lei] = ['e0000000-0000-4000-8000-000000000002', 'e0000000-0000-4000-8000-000000000003'];
const leadId = '1ead0000-0000-4000-8000-000000000001';
const customerId = 'c0570000-0000-4000-8000-000000000001';
const poolId = 'b0010000-0000-4000-8000-000000000001';
const counted = { isCounted: true };
const until = '2026-11-22T08:05:00.000Z';
// The spec's events are all the first of their stream.
const reservationId = 'event-0';

const claimed: LeadEvent = {
  type: 'LeadClaimed',
  data: {
    ...{ leadId, claimantId: fang, poolId, fromState: 'pooled' },
    ...{ stageVisit: { ends: 1, begins: 2 }, ownershipVisit: { begins: 1 } },
  },
};
const transferred: CustomerEvent = {
  type: 'CustomerTransferred',
  data: { customerId, fromOwner: fang, toOwner: lei, reassignFollowUps: false, ownershipVisit: { ends: 3, begins: 4 } },
};
const lost = (ownerId?: string): LeadEvent => ({
  type: 'LeadDisqualified',
  data: {
    ...{ leadId, reasonCode: 'no_need', stageVisit: { ends: 2 } },
    ...(ownerId !== undefined && { ownerId, ownershipVisit: { ends: 1 } }),
  },
});

test('who claims a record holds it', () =>
  when(claimed, counted).then(
    send(AddHolding.of({ repId: fang, entityKind: 'lead', recordId: leadId, visit: 1, reservationId })),
  ));
test('a record of a pool that nobody defined is not counted', () => when(claimed, { isCounted: false }).then());
test('a transfer gives to one and takes from the other', () => {
  const record = { entityKind: 'customer', recordId: customerId } as const;
  return when(transferred, counted).then(
    send(AddHolding.of({ repId: lei, ...record, visit: 4, reservationId })),
    send(RemoveHolding.of({ repId: fang, ...record, visit: 3 })),
  );
});
test('whoever loses a record holds it no more, counted or not', () =>
  when(lost(fang), { isCounted: false }).then(
    send(RemoveHolding.of({ repId: fang, entityKind: 'lead', recordId: leadId, visit: 1 })),
  ));
test('what nobody owned leaves nobody', () => when(lost(), counted).then());

const reserved: PortfolioEvent = {
  type: 'HoldingReserved',
  data: {
    ...{ repId: fang, entityKind: 'lead', recordId: leadId, visit: 1, reservationId, stream: `lead-${leadId}` },
    ...{ held: 1, overridesCap: false, until },
  },
};
const deadline = { key: reservationId, at: until, data: { repId: fang, reservationId } };
test('room that is set aside is looked after when its time is out', () =>
  when(reserved, counted).then(schedule(deadline)));
test('room that was released needs no looking after', () =>
  when({ type: 'HoldingReleased', data: { repId: fang, reservationId } }, counted).then(cancel(reservationId)));
test('then it is settled', () => due(deadline, counted).then(send(SettleHolding.of({ repId: fang, reservationId }))));
