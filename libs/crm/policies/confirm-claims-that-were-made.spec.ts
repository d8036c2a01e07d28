import { test } from '@jest/globals';
import { cancel, schedule, send } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import { ConfirmClaim, SettleClaim } from '../high-sea/claim-ledger/claim-ledger.commands.js';
import type { ClaimLedgerEvent } from '../high-sea/claim-ledger/claim-ledger.events.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import { confirmClaimsThatWereMade } from './confirm-claims-that-were-made.policy.js';

const { when, due } = policySpec(confirmClaimsThatWereMade);
const [repId, poolId] = ['e0000000-0000-4000-8000-000000000002', 'b0010000-0000-4000-8000-000000000001'];
const reservationId = `${repId}-${poolId}-2026-11-22/claim-1`;
const until = '2026-11-22T08:05:00.000Z';

const claimed = (ledgerReservationId?: string): LeadEvent => ({
  type: 'LeadClaimed',
  data: {
    leadId: '1ead0000-0000-4000-8000-000000000001',
    claimantId: repId,
    poolId,
    fromState: 'pooled',
    ledgerReservationId,
    stageVisit: { ends: 1, begins: 2 },
    ownershipVisit: { begins: 1 },
  },
});
const reserved: ClaimLedgerEvent = {
  type: 'ClaimReserved',
  data: {
    ...{ repId, poolId, on: '2026-11-22', reservationId, stream: 'lead-1' },
    ...{ limit: 5, used: 1, policyVersion: 1, until },
  },
};
const deadline = { key: reservationId, at: until, data: { reservationId } };

test('a claim that was made is confirmed', () =>
  when(claimed(reservationId), {}).then(send(ConfirmClaim.of({ reservationId }))));
test('a claim that no policy limits has nothing to confirm', () => when(claimed(), {}).then());
test('what is reserved is looked after when its time is out', () => when(reserved, {}).then(schedule(deadline)));
test('what is confirmed needs no looking after', () =>
  when({ type: 'ClaimConfirmed', data: { reservationId } }, {}).then(cancel(reservationId)));
test('what is released needs no looking after', () =>
  when({ type: 'ClaimReleased', data: { reservationId } }, {}).then(cancel(reservationId)));
test('then it is settled', () => due(deadline, {}).then(send(SettleClaim.of({ reservationId }))));
