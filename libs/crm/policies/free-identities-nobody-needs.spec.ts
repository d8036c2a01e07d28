import { test } from '@jest/globals';
import { cancel, schedule, send } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import { ReleaseIdentity, SettleIdentity } from '../customer-record/identity/identity.commands.js';
import { freeIdentitiesNobodyNeeds } from './free-identities-nobody-needs.policy.js';

const { when, due } = policySpec(freeIdentitiesNobodyNeeds);
const [identityId, holderId, reservationId] = ['phone-3f2c', 'c', 'e'];
const until = '2026-11-22T08:05:00.000Z';
const key = 'phone-3f2c/e';
const reserved = { identityId, holderId, stream: 'customer-c', reservationId };
const erased = {
  type: 'SubjectKeyDestroyed',
  data: { subject: 'customer:c', erasureId: 'x', keys: ['customer:c'] },
} as const;

test('what is reserved is settled when its time is out, unless it is settled before', () => {
  when({ type: 'IdentityReserved', data: { ...reserved, until } }, {}).then(
    schedule({ key, at: until, data: { identityId, reservationId } }),
  );
  due({ key, at: until, data: { identityId, reservationId } }, {}).then(
    send(SettleIdentity.of({ identityId, reservationId })),
  );
  when({ type: 'IdentityConfirmed', data: { identityId, holderId, reservationId } }, {}).then(cancel(key));
  when({ type: 'IdentityReleased', data: { identityId, holderId, reservationId } }, {}).then(cancel(key));
});

test('what is reserved for good is left alone', () => when({ type: 'IdentityReserved', data: reserved }, {}).then());

test('what a customer was known by until a correction is given back, under its reservation', () => {
  const [holder, former] = [{ customerId: 'c' }, { identityId, reservationId }];
  const release = send(ReleaseIdentity.of({ identityId, holderId: 'c', reservationId }));
  when({ type: 'CustomerProfileCorrected', data: { ...holder, changes: [], formerIdentities: [former] } }, {}).then(
    release,
  );
  when({ type: 'CustomerProfileCorrected', data: { ...holder, changes: [] } }, {}).then();
  const change = { field: 'registrationNumber', old: 'A', new: 'B' };
  const revised = { ...holder, proposalId: 'p', change, proposerId: 'x', deciderId: 'y', formerIdentities: [former] };
  when({ type: 'KeyFieldRevised', data: revised }, {}).then(release);
});

test('everything that an erased customer was known by is released', () => {
  when(erased, { customerId: 'c', identities: [identityId, 'email-77'] }).then(
    send(ReleaseIdentity.of({ identityId, holderId })),
    send(ReleaseIdentity.of({ identityId: 'email-77', holderId })),
  );
  when(erased, {}).then();
});
