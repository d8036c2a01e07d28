import { test } from '@jest/globals';
import { send } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import {
  DestroySubjectKey,
  LinkDataSubjects,
  RequestErasure,
} from '../audit-privacy/data-subject/data-subject.commands.js';
import type { DataSubjectEvent } from '../audit-privacy/data-subject/data-subject.events.js';
import { carryOutErasures } from './carry-out-erasures.policy.js';

const { when } = policySpec(carryOutErasures);
const subject = 'customer:c0000000-0000-4000-8000-000000000001';
const elsewhere = 'lead:1ead0000-0000-4000-8000-000000000001';
const erasureId = 'e5a00000-0000-4000-8000-000000000001';
const requested: DataSubjectEvent = {
  type: 'ErasureRequested',
  data: { subject, erasureId, keys: [subject], linked: [elsewhere] },
};
const linked: DataSubjectEvent = { type: 'DataSubjectLinked', data: { subject, linked: elsewhere } };

test('what was requested is carried out, and requested wherever else the person is told of', () =>
  when(requested, {}).then(
    send(DestroySubjectKey.of({ subject })),
    send(RequestErasure.of({ subject: elsewhere, erasureId })),
  ));
test('a link holds from both sides', () =>
  when(linked, {}).then(send(LinkDataSubjects.of({ subject: elsewhere, linked: subject }))));
test('who was erased already is erased where a link leads later', () =>
  when(linked, { erasureId }).then(
    send(LinkDataSubjects.of({ subject: elsewhere, linked: subject })),
    send(RequestErasure.of({ subject: elsewhere, erasureId })),
  ));
