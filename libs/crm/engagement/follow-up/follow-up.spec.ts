import { test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { RecordFollowUp } from './follow-up.commands.js';
import { followUp } from './follow-up.decider.js';
import type { FollowUpEvent } from './follow-up.events.js';

const call = {
  followUpId: 'f0110000-0000-4000-8000-000000000001',
  entityKind: 'lead',
  recordId: '1ead0000-0000-4000-8000-000000000001',
  channel: 'call',
  outcome: 'reached',
} as const;
const recorded: FollowUpEvent = { type: 'FollowUpRecorded', data: call };

const { given } = spec(followUp, {});

test('a follow-up is recorded', () => given().when(RecordFollowUp.of(call)).then(recorded));
test('a follow-up is recorded once', () =>
  given(recorded).when(RecordFollowUp.of(call)).thenRefused('FOLLOW_UP_ALREADY_RECORDED'));

laws(followUp, fc.constant(RecordFollowUp.of(call)), {});
