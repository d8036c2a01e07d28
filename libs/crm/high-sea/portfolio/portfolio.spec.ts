import { expect, test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { AddHolding, RemoveHolding, ReserveHolding, SetHoldingCap, SettleHolding } from './portfolio.commands.js';
import { portfolio } from './portfolio.decider.js';
import type { PortfolioEvent } from './portfolio.events.js';

const repId = 'e0000000-0000-4000-8000-000000000002';
const [a, b] = ['1ead0000-0000-4000-8000-00000000000a', '1ead0000-0000-4000-8000-00000000000b'];
const entityKind = 'lead';
const until = '2026-11-22T08:05:00.000Z';

interface Wish {
  readonly entityKind?: 'lead' | 'customer';
  readonly reservationId?: string;
  readonly cap?: number;
  readonly overridesCap?: boolean;
}
const reserve = (recordId: string, wish: Wish = { cap: 1 }) =>
  ReserveHolding.of({
    repId,
    entityKind,
    recordId,
    visit: 1,
    reservationId: `take-${recordId}`,
    stream: `lead-${recordId}`,
    overridesCap: false,
    until,
    ...wish,
  });
const reserved = (recordId: string, held: number, more: object = { cap: 1 }): PortfolioEvent => ({
  type: 'HoldingReserved',
  data: {
    repId,
    entityKind,
    recordId,
    visit: 1,
    reservationId: `take-${recordId}`,
    stream: `lead-${recordId}`,
    held,
    overridesCap: false,
    until,
    ...more,
  },
});
const added = (recordId: string, visit = 1): PortfolioEvent => ({
  type: 'HoldingAdded',
  data: { repId, entityKind, recordId, visit, reservationId: `take-${recordId}` },
});
const removed = (recordId: string, visit = 1): PortfolioEvent => ({
  type: 'HoldingRemoved',
  data: { repId, entityKind, recordId, visit },
});
const released = (recordId: string): PortfolioEvent => ({
  type: 'HoldingReleased',
  data: { repId, reservationId: `take-${recordId}` },
});
const capped = (cap?: number): PortfolioEvent => ({ type: 'HoldingCapSet', data: { repId, entityKind, cap } });

const { given } = spec(portfolio, {});

test('room is set aside under the cap', () => given().when(reserve(a)).then(reserved(a, 1)));
test('room that is set aside already is not set aside again', () =>
  given(reserved(a, 1)).when(reserve(a)).thenNothing());
test('what is set aside counts', () =>
  given(reserved(a, 1)).when(reserve(b)).thenRefused('HOLDING_CAP_REACHED', { cap: 1, held: 1 }));
test('what is held counts', () =>
  given(reserved(a, 1), added(a)).when(reserve(b)).thenRefused('HOLDING_CAP_REACHED', { cap: 1, held: 1 }));
test('what has left counts no more', () =>
  given(reserved(a, 1), added(a), removed(a)).when(reserve(b)).then(reserved(b, 1)));
test('a record counts once, also while its return is not yet known', () =>
  given(added(a))
    .when(reserve(a, { cap: 1, reservationId: 'again' }))
    .then(reserved(a, 1, { cap: 1, reservationId: 'again' })));
test('other kinds of records do not count', () =>
  given(added(a))
    .when(reserve(b, { cap: 1, entityKind: 'customer' }))
    .then(reserved(b, 1, { cap: 1, entityKind: 'customer' })));
test('the cap of the employee goes before that of the pool', () =>
  given(capped(2), added(a))
    .when(reserve(b))
    .then(reserved(b, 2, { cap: 2 })));
test('a manager may override the cap; it is counted all the same', () =>
  given(added(a))
    .when(reserve(b, { cap: 1, overridesCap: true }))
    .then(reserved(b, 2, { cap: 1, overridesCap: true })));

const settle = SettleHolding.of({ repId, reservationId: `take-${a}` });
test('room that is settled is held when the record was taken', () =>
  given(reserved(a, 1))
    .when(settle, { facts: { happened: true } })
    .then(added(a)));
test('room that is settled is released when the record was not taken', () =>
  given(reserved(a, 1))
    .when(settle, { facts: { happened: false } })
    .then(released(a)));
test('what is held needs no settling', () => given(reserved(a, 1), added(a)).when(settle).thenNothing());

test('room for what has left again already is released', () =>
  given(added(a), removed(a), reserved(a, 1))
    .when(settle, { facts: { happened: true } })
    .then(released(a)));

const add = (recordId: string, visit = 1) =>
  AddHolding.of({ repId, entityKind, recordId, visit, reservationId: `take-${recordId}` });
const remove = (recordId: string, visit = 1) => RemoveHolding.of({ repId, entityKind, recordId, visit });
test('a holding is added', () => given().when(add(a)).then(added(a)));
test('a holding takes the room that was set aside for it', () => given(reserved(a, 1)).when(add(a)).then(added(a)));
test('a holding is added once', () => given(added(a)).when(add(a)).thenNothing());
test('a holding is removed', () => given(added(a)).when(remove(a)).then(removed(a)));
test('what is not held is not removed', () => given().when(remove(a)).thenNothing());
test('what has left does not come back when its coming is told once more', () =>
  given(added(a), removed(a)).when(add(a)).thenNothing());
test('a record can be held again', () => given(added(a), removed(a)).when(add(a, 3)).then(added(a, 3)));
test('the end of an earlier ownership, told late, takes nothing away', () =>
  given(added(a, 3)).when(remove(a, 1)).thenNothing());

const setCap = (cap?: number, reason?: { readonly code: string }) =>
  SetHoldingCap.of({ repId, entityKind, cap, reason });
test('an employee can get a cap of their own', () =>
  given()
    .when(setCap(3, { code: 'newcomer' }))
    .then(capped(3)));
test('the same cap changes nothing', () => given(capped(3)).when(setCap(3)).thenNothing());
test('the cap can be taken away', () =>
  given(capped(3))
    .when(setCap(undefined, { code: 'trained' }))
    .then(capped()));
test('a cap needs a reason', () => given().when(setCap(3)).thenRefused('REASON_REQUIRED'));

const record = fc.constantFrom(a, b);
const visit = fc.integer({ min: 1, max: 3 });
const anyCommand = fc.oneof(
  { arbitrary: record.map((one) => reserve(one)), weight: 4 },
  record.map((one) => SettleHolding.of({ repId, reservationId: `take-${one}` })),
  fc.tuple(record, visit).map((one) => add(...one)),
  fc.tuple(record, visit).map((one) => remove(...one)),
  fc.constantFrom(undefined, 1, 2).map((cap) => setCap(cap, { code: 'because' })),
);

laws(portfolio, anyCommand, { happened: false });

test('portfolio: no room is set aside past the cap', () => {
  fc.assert(
    fc.property(steps(anyCommand), (drawn) => {
      const history = play(portfolio, drawn, { happened: false });
      for (const { type, data } of history)
        if (type === 'HoldingReserved') expect(data.held).toBeLessThanOrEqual(data.cap ?? Infinity);
    }),
  );
});
