import { expect, test } from '@jest/globals';
import { fold } from '#kernel';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { identityOf } from '../../identities.js';
import {
  MentionIdentity,
  ReleaseIdentity,
  ReserveIdentity,
  SettleIdentity,
  WithdrawIdentityMention,
} from './identity.commands.js';
import { identity } from './identity.decider.js';
import { reachedBy } from './identity.reservations.js';
import type { IdentityEvent } from './identity.events.js';

const identityId = 'phone-3f2c';
const until = '2026-11-22T08:05:00.000Z';

const reserve = (holderId: string, reservationId: string, until?: string) =>
  ReserveIdentity.of({ identityId, holderId, stream: `customer-${holderId}`, reservationId, until });
const reserved = (holderId: string, reservationId: string, until?: string): IdentityEvent => ({
  type: 'IdentityReserved',
  data: { identityId, holderId, stream: `customer-${holderId}`, reservationId, until },
});
const confirmed = (holderId: string, reservationId: string): IdentityEvent => ({
  type: 'IdentityConfirmed',
  data: { identityId, holderId, reservationId },
});
const released = (holderId: string, reservationId?: string): IdentityEvent => ({
  type: 'IdentityReleased',
  data: { identityId, holderId, reservationId },
});
const settle = (reservationId: string) => SettleIdentity.of({ identityId, reservationId });

const { given } = spec(identity, {});

test('what nobody has is reserved', () =>
  given()
    .when(reserve('one', 'a', until))
    .then(reserved('one', 'a', until)));
test('what is reserved for one is refused to another, who learns whose it is', () =>
  given(reserved('one', 'a', until))
    .when(reserve('two', 'b', until))
    .thenRefused('IDENTITY_TAKEN', { kind: 'phone', holderId: 'one' }));
test('what is confirmed for one is refused to another', () =>
  given(reserved('one', 'a', until), confirmed('one', 'a'))
    .when(reserve('two', 'b', until))
    .thenRefused('IDENTITY_TAKEN'));
test('the holder reserves it once for the same event, and again for another', () => {
  given(reserved('one', 'a', until))
    .when(reserve('one', 'a', until))
    .thenNothing();
  given(reserved('one', 'a', until))
    .when(reserve('one', 'b', until))
    .then(reserved('one', 'b', until));
});
test('the holder has it once more for another event, and keeps it when the first needs it no more', () => {
  given(reserved('one', 'a', until), confirmed('one', 'a'))
    .when(reserve('one', 'b', until))
    .then(reserved('one', 'b', until));
  const twice = [reserved('one', 'a', until), confirmed('one', 'a'), reserved('one', 'b', until)];
  given(...twice)
    .when(ReleaseIdentity.of({ identityId, holderId: 'one', reservationId: 'a' }))
    .then(released('one', 'a'));
  given(...twice, released('one', 'a'))
    .when(reserve('two', 'c', until))
    .thenRefused('IDENTITY_TAKEN');
  given(...twice, released('one', 'a'), released('one', 'b'))
    .when(reserve('two', 'c', until))
    .then(reserved('two', 'c', until));
});
test('what is reserved for good needs no settling', () => {
  given(reserved('one', 'a')).when(reserve('one', 'b')).thenNothing();
  given(reserved('one', 'a')).when(settle('a')).thenNothing();
});

test('it is confirmed when the event that needed it was written', () =>
  given(reserved('one', 'a', until))
    .when(settle('a'), { facts: { happened: true } })
    .then(confirmed('one', 'a')));
test('it is released when the event was not written, and another can have it', () => {
  given(reserved('one', 'a', until))
    .when(settle('a'), { facts: { happened: false } })
    .then(released('one', 'a'));
  given(reserved('one', 'a', until), released('one', 'a'))
    .when(reserve('two', 'b', until))
    .then(reserved('two', 'b', until));
});
test('of two tries of the holder one may come to nothing: it stays reserved for the other', () =>
  given(reserved('one', 'a', until), reserved('one', 'b', until), released('one', 'b'))
    .when(reserve('two', 'c', until))
    .thenRefused('IDENTITY_TAKEN'));
test('what is settled is settled', () => {
  given(reserved('one', 'a', until), confirmed('one', 'a'))
    .when(settle('a'))
    .thenNothing();
  given(reserved('one', 'a', until), released('one', 'a'))
    .when(settle('a'))
    .thenNothing();
});

test('what is given back twice is given back once', () =>
  given(reserved('one', 'a', until), confirmed('one', 'a'), reserved('one', 'b', until), released('one', 'a'))
    .when(ReleaseIdentity.of({ identityId, holderId: 'one', reservationId: 'a' }))
    .thenNothing());

test('the holder gives it back, confirmed or not; nobody else can', () => {
  given(reserved('one', 'a', until))
    .when(ReleaseIdentity.of({ identityId, holderId: 'one' }))
    .then(released('one'));
  given(reserved('one', 'a', until))
    .when(ReleaseIdentity.of({ identityId, holderId: 'two' }))
    .thenNothing();
  given(reserved('one', 'a'), released('one')).when(reserve('two', 'b')).then(reserved('two', 'b'));
});

const [first, second] = ['lead:1', 'lead:2'];
const mention = (record: string) => MentionIdentity.of({ identityId, record });
const mentioned = (record: string, alsoBy: readonly string[] = [], holderId?: string): IdentityEvent => ({
  type: 'IdentityMentioned',
  data: { identityId, record, holderId, alsoBy },
});
const withdrawn = (record: string, alsoBy: readonly string[] = [], holderId?: string): IdentityEvent => ({
  type: 'IdentityMentionWithdrawn',
  data: { identityId, record, holderId, alsoBy },
});
test('whoever else tells of it learns whose it is and who did before, and keeps nobody out', () => {
  given().when(mention(first)).then(mentioned(first));
  given(reserved('one', 'a', until), mentioned(first))
    .when(mention(second))
    .then(mentioned(second, [first], 'one'));
  given(mentioned(first))
    .when(reserve('one', 'a', until))
    .then(reserved('one', 'a', until));
  given(reserved('one', 'a', until), mentioned(first), released('one'))
    .when(mention(second))
    .then(mentioned(second, [first]));
});
test('what is told twice is told once, and taken back once', () => {
  given(mentioned(first)).when(mention(first)).thenNothing();
  const takeBack = WithdrawIdentityMention.of({ identityId, record: first });
  given(reserved('one', 'a', until), mentioned(first), mentioned(second))
    .when(takeBack)
    .then(withdrawn(first, [second], 'one'));
  given(mentioned(first), withdrawn(first)).when(takeBack).thenNothing();
  given(mentioned(first), withdrawn(first)).when(mention(second)).then(mentioned(second));
});
test('of thousands who tell of a switchboard the last five are remembered', () => {
  const many = Array.from({ length: 30 }, (_, nth) => `lead:${nth}`);
  given(...many.map((record) => mentioned(record)))
    .when(mention('lead:30'))
    .then(mentioned('lead:30', many.slice(25)));
});

test('nobody is reached by what is no phone', () => {
  const about = { fingerprint: (text: string) => text, stream: 's', eventId: 'e', reservedUntil: until };
  expect(reachedBy({ phone: '021-5555 0001', email: 'Li@Example.com' }, about)).toEqual([
    { proof: { contacts: ['phone-phone/tel:+862155550001', 'email-email/li@example.com'] } },
  ]);
  for (const phone of ['n/a', '无', '-', '0000']) expect(reachedBy({ phone }, about)).toEqual([]);
});

test('its name tells the kind and nothing of the text', () => {
  const name = identityOf('email', '李雷@example.com', (text) => `${text.length}`);
  expect(name).toBe('email-20');
});

const holder = fc.constantFrom('one', 'two');
const reservation = fc.constantFrom('a', 'b', 'c');
const anyCommand = fc.oneof(
  fc.tuple(holder, reservation).map(([one, id]) => reserve(one, one + id, until)),
  fc.tuple(holder, reservation).map(([one, id]) => settle(one + id)),
  holder.map((holderId) => ReleaseIdentity.of({ identityId, holderId })),
  fc
    .tuple(holder, reservation)
    .map(([holderId, id]) => ReleaseIdentity.of({ identityId, holderId, reservationId: holderId + id })),
  fc.constantFrom(first, second).map(mention),
  fc.constantFrom(first, second).map((record) => WithdrawIdentityMention.of({ identityId, record })),
);

laws(identity, anyCommand, { happened: true });

test('identity: from its reservation to its release it has one holder', () => {
  fc.assert(
    fc.property(steps(anyCommand), fc.boolean(), (drawn, happened) => {
      const history = play(identity, drawn, { happened });
      for (const [at, { type, data }] of history.entries()) {
        const before = fold(identity, history.slice(0, at)).holderId;
        if (type === 'IdentityReserved') expect([undefined, data.holderId]).toContain(before);
        else expect(data.holderId).toBe(before);
      }
    }),
  );
});
