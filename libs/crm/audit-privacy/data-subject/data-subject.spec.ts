import { test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws } from '../../../../test/properties.js';
import { NOW, spec } from '../../../../test/spec.js';
import {
  BeginStatutoryRetention,
  DestroySubjectKey,
  LiftLegalHold,
  LinkDataSubjects,
  PlaceLegalHold,
  RequestErasure,
} from './data-subject.commands.js';
import type { DataSubject, DataSubjectFacts } from './data-subject.decider.js';
import { dataSubject } from './data-subject.decider.js';
import type { DataSubjectEvent } from './data-subject.events.js';

const uuid = (n: number) => `d0000000-0000-4000-8000-00000000000${n}`;
const subject = `customer:${uuid(1)}`;
const linked = `lead:${uuid(2)}`;
const holdId = uuid(3);
const erasureId = uuid(4);
const basis = uuid(5);
const keys = [subject, `subject:${subject}`];

const nobody: DataSubject = dataSubject.initial;
const facts: DataSubjectFacts = { elsewhere: [], areKeysGone: true };
const { given } = spec(dataSubject, facts);

const link: DataSubjectEvent = { type: 'DataSubjectLinked', data: { subject, linked } };
const hold: DataSubjectEvent = { type: 'LegalHoldPlaced', data: { subject, holdId, ground: 'litigation' } };
const lifted: DataSubjectEvent = { type: 'LegalHoldLifted', data: { subject, holdId } };
const retained = (until: string): DataSubjectEvent => ({
  type: 'StatutoryRetentionBegun',
  data: { subject, ground: 'won_deal', basis, until },
});
const requested: DataSubjectEvent = { type: 'ErasureRequested', data: { subject, erasureId, keys, linked: [] } };
const destroyed: DataSubjectEvent = { type: 'SubjectKeyDestroyed', data: { subject, erasureId, keys } };
const refused = (data: object): DataSubjectEvent => ({
  type: 'ErasureRefused',
  data: { subject, erasureId, legalGround: 'legal_hold', ground: 'litigation', ...data },
});

const request = RequestErasure.of({ subject, erasureId });
const place = PlaceLegalHold.of({ subject, holdId, ground: 'litigation' });
const destroy = DestroySubjectKey.of({ subject });

test('an erasure is requested for the person and names where else they are', () =>
  given(link)
    .when(request)
    .then({ type: 'ErasureRequested', data: { subject, erasureId, keys, linked: [linked] } }));
test('an employee is erased as the actor of what they did, too', () => {
  const employee = `employee:${uuid(6)}`;
  given()
    .when(RequestErasure.of({ subject: employee, erasureId }))
    .then({
      type: 'ErasureRequested',
      data: { subject: employee, erasureId, keys: [employee, `subject:${employee}`, `actor:${uuid(6)}`], linked: [] },
    });
});
test('who acts and is no employee is erased as that', () => {
  const actor = 'actor:crm-import';
  given()
    .when(RequestErasure.of({ subject: actor, erasureId }))
    .then({
      type: 'ErasureRequested',
      data: { subject: actor, erasureId, keys: [actor, `subject:${actor}`], linked: [] },
    });
});
test('what was requested is not requested again', () => given(requested).when(request).thenNothing());

test('a legal hold refuses the erasure, and the refusal is recorded', () =>
  given(hold).when(request).then(refused({})));
test('so does a hold on the same person elsewhere', () =>
  given(link)
    .when(request, { facts: { ...facts, elsewhere: [{ ...nobody, holds: { [holdId]: 'audit' } }] } })
    .then(refused({ ground: 'audit' })));
test('a lifted hold refuses nothing', () => given(hold, lifted).when(request).then(requested));
test('what the law wants kept is kept until the last of its days', () =>
  given(retained('2026-11-22'), retained('2031-01-01'), retained('2028-01-01'))
    .when(request)
    .then(refused({ legalGround: 'statutory_retention', ground: 'won_deal', until: '2031-01-01' })));
test('a retention that is over refuses nothing', () => given(retained('2026-11-21')).when(request).then(requested));
test('the same request is refused once; another one is decided anew', () => {
  given(hold, refused({}), lifted).when(request).thenNothing();
  given(hold, refused({}), lifted)
    .when(RequestErasure.of({ subject, erasureId: uuid(7) }))
    .then({ type: 'ErasureRequested', data: { subject, erasureId: uuid(7), keys, linked: [] } });
});

test('a hold comes too late once the erasure was requested', () => {
  given(requested).when(place).thenRefused('SUBJECT_ERASED', { subject, erasureId });
  given(requested)
    .when(BeginStatutoryRetention.of({ subject, ground: 'won_deal', basis, until: '2030-01-01' }))
    .thenRefused('SUBJECT_ERASED');
});
test('a hold is placed', () => given().when(place).then(hold));
test('and placed once', () => given(hold).when(place).thenNothing());
test('a hold is lifted', () => given(hold).when(LiftLegalHold.of({ subject, holdId })).then(lifted));
test('and lifted once', () => given(hold, lifted).when(LiftLegalHold.of({ subject, holdId })).thenNothing());
test('an unknown hold is not lifted', () =>
  given().when(LiftLegalHold.of({ subject, holdId })).thenRefused('HOLD_UNKNOWN'));
test('a retention begins', () =>
  given()
    .when(BeginStatutoryRetention.of({ subject, ground: 'won_deal', basis, until: '2036-01-01' }))
    .then(retained('2036-01-01')));

test('keys are destroyed after a request only, and said to be so when they are gone', () => {
  given().when(destroy).thenRefused('ERASURE_NOT_REQUESTED');
  given(requested)
    .when(destroy, { facts: { ...facts, areKeysGone: false } })
    .thenRefused('KEY_STILL_EXISTS');
  given(requested).when(destroy).then(destroyed);
  given(requested, destroyed).when(destroy).thenNothing();
});

test('records of one person are linked', () => given().when(LinkDataSubjects.of({ subject, linked })).then(link));
test('and linked once', () => given(link).when(LinkDataSubjects.of({ subject, linked })).thenNothing());
test('no record is linked to itself', () =>
  given()
    .when(LinkDataSubjects.of({ subject, linked: subject }))
    .thenRefused('SUBJECT_LINKED_TO_ITSELF'));

const day = fc.constantFrom(NOW.slice(0, 10), '2020-01-01', '2030-01-01');
laws(
  dataSubject,
  fc.oneof(
    fc.constantFrom(uuid(3), uuid(8)).map((id) => PlaceLegalHold.of({ subject, holdId: id, ground: 'audit' })),
    fc.constantFrom(uuid(3), uuid(8)).map((id) => LiftLegalHold.of({ subject, holdId: id })),
    day.map((until) => BeginStatutoryRetention.of({ subject, ground: 'won_deal', basis, until })),
    fc.constantFrom(uuid(4), uuid(7)).map((id) => RequestErasure.of({ subject, erasureId: id })),
    fc.constant(LinkDataSubjects.of({ subject, linked })),
    fc.constant(destroy),
  ),
  facts,
);
