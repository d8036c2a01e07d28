import { expect, test } from '@jest/globals';
import { fold } from '#kernel';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { ConfirmClaim, ReserveClaim, SettleClaim } from './claim-ledger.commands.js';
import { claimEventOf, claimLedger, claimReservationId } from './claim-ledger.decider.js';
import type { ClaimLedgerEvent } from './claim-ledger.events.js';

const repId = 'e0000000-0000-4000-8000-000000000002';
const poolId = 'b0010000-0000-4000-8000-000000000001';
const on = '2026-11-22';
const until = '2026-11-22T08:05:00.000Z';
const idOf = (claim: string) => claimReservationId({ repId, poolId, on }, claim);

const reserve = (claim: string, limit = 2) =>
  ReserveClaim.of({
    repId,
    poolId,
    on,
    reservationId: idOf(claim),
    stream: `lead-${claim}`,
    limit,
    policyVersion: 1,
    until,
  });
const reserved = (claim: string, used: number): ClaimLedgerEvent => ({
  type: 'ClaimReserved',
  data: {
    repId,
    poolId,
    on,
    reservationId: idOf(claim),
    stream: `lead-${claim}`,
    limit: 2,
    used,
    policyVersion: 1,
    until,
  },
});
const confirmed = (claim: string): ClaimLedgerEvent => ({
  type: 'ClaimConfirmed',
  data: { reservationId: idOf(claim) },
});
const released = (claim: string): ClaimLedgerEvent => ({
  type: 'ClaimReleased',
  data: { reservationId: idOf(claim) },
});

const { given } = spec(claimLedger, {});

test('a claim is reserved, and the event tells how many are used', () =>
  given(reserved('a', 1)).when(reserve('b')).then(reserved('b', 2)));
test('what is reserved already is not reserved again', () => given(reserved('a', 1)).when(reserve('a')).thenNothing());
test('past the limit nothing is reserved', () =>
  given(reserved('a', 1), reserved('b', 2))
    .when(reserve('c'))
    .thenRefused('CLAIM_LIMIT_REACHED', { limit: 2, used: 2, on }));
test('what is confirmed counts for good', () =>
  given(reserved('a', 1), confirmed('a'), reserved('b', 2), confirmed('b'))
    .when(reserve('c'))
    .thenRefused('CLAIM_LIMIT_REACHED'));
test('what is released can be reserved by another', () =>
  given(reserved('a', 1), reserved('b', 2), released('a')).when(reserve('c')).then(reserved('c', 2)));
test('what was released can be reserved again', () =>
  given(reserved('a', 1), released('a')).when(reserve('a')).then(reserved('a', 1)));
test('a limit that became lower refuses the next claim only', () =>
  given(reserved('a', 1), reserved('b', 2))
    .when(reserve('c', 1))
    .thenRefused('CLAIM_LIMIT_REACHED', { limit: 1, used: 2 }));

test('a claim that was made is confirmed', () =>
  given(reserved('a', 1))
    .when(ConfirmClaim.of({ reservationId: idOf('a') }))
    .then(confirmed('a')));
test('a claim is confirmed once', () =>
  given(reserved('a', 1), confirmed('a'))
    .when(ConfirmClaim.of({ reservationId: idOf('a') }))
    .thenNothing());
test('a claim that was made counts, though its reservation had been released', () =>
  given(reserved('a', 1), released('a'))
    .when(ConfirmClaim.of({ reservationId: idOf('a') }))
    .then(confirmed('a')));
test('what was never reserved is not confirmed', () =>
  given()
    .when(ConfirmClaim.of({ reservationId: idOf('a') }))
    .thenRefused('CLAIM_RESERVATION_UNKNOWN'));

const settle = SettleClaim.of({ reservationId: idOf('a') });
test('a reservation that is settled is confirmed when the claim was made', () =>
  given(reserved('a', 1))
    .when(settle, { facts: { happened: true } })
    .then(confirmed('a')));
test('a reservation that is settled is released when the claim was not made', () =>
  given(reserved('a', 1))
    .when(settle, { facts: { happened: false } })
    .then(released('a')));
test('what is confirmed needs no settling: the allowance comes not back', () =>
  given(reserved('a', 1), confirmed('a')).when(settle).thenNothing());

test('a reservation names its ledger and the event it is for', () => {
  expect(claimLedger.idOf(settle)).toBe(claimLedger.idOf(reserve('b')));
  expect(claimEventOf(idOf('a'))).toBe('a');
});

const claim = fc.constantFrom('a', 'b', 'c', 'd');
const anyCommand = fc.oneof(
  { arbitrary: claim.map((one) => reserve(one)), weight: 4 },
  claim.map((one) => ConfirmClaim.of({ reservationId: idOf(one) })),
  claim.map((one) => SettleClaim.of({ reservationId: idOf(one) })),
);

laws(claimLedger, anyCommand, { happened: false });

test('claimLedger: no reservation takes a rep past the limit, and nothing confirmed is ever undone', () => {
  fc.assert(
    fc.property(steps(anyCommand), (drawn) => {
      const history = play(claimLedger, drawn, { happened: false });
      const done = new Set<string>();
      for (const { type, data } of history) {
        if (type === 'ClaimReserved') expect(data.used).toBeLessThanOrEqual(data.limit);
        if (type === 'ClaimConfirmed') done.add(data.reservationId);
      }
      const ledger = fold(claimLedger, history);
      for (const reservationId of done) expect(ledger[reservationId]?.status).toBe('confirmed');
    }),
  );
});
