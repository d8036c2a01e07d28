import { test } from '@jest/globals';
import { NOW, spec } from '../../../../test/spec.js';
import type { TakingFacts } from '../../claiming.js';
import type { KnownPool } from '../pool/pool.decider.js';
import { NoteLeadActivity, RecycleLead, WarnOfLeadRecycle } from './lead.commands.js';
import { lead } from './lead.decider.js';
import type { LeadEvent } from './lead.events.js';

const leadId = '1ead0000-0000-4000-8000-000000000001';
const poolId = 'b0010000-0000-4000-8000-000000000001';
const fang = 'e0000000-0000-4000-8000-000000000002';
const lei = 'e0000000-0000-4000-8000-000000000003';
const followUpId = 'f0110000-0000-4000-8000-000000000001';

const poolWith = (days: number, policyVersion = 1, warnDaysBefore = 2): KnownPool => ({
  ...{ status: 'open', poolId, zone: 'UTC', members: [] },
  recyclePolicy: {
    policyVersion,
    rules: [{ ruleId: 'idle', entityKind: 'lead', trigger: 'no_follow_up', days, warnDaysBefore }],
  },
});
const day = (days: number) => new Date(Date.parse(NOW) + days * 86_400_000).toISOString();
const at = (days: number, facts: TakingFacts = { pool: poolWith(7) }) => ({
  ...{ occurredAt: day(days), now: day(days), facts },
});

const captured: LeadEvent = { type: 'LeadCaptured', data: { leadId, poolId, stageVisit: { begins: 1 } } };
const claimed: LeadEvent = {
  type: 'LeadClaimed',
  data: {
    ...{ leadId, claimantId: fang, poolId, fromState: 'pooled' },
    ...{ stageVisit: { ends: 1, begins: 2 }, ownershipVisit: { begins: 1 } },
  },
};
const transferred: LeadEvent = {
  type: 'LeadTransferred',
  data: { leadId, fromOwner: fang, toOwner: lei, reassignFollowUps: false, ownershipVisit: { ends: 1, begins: 2 } },
};
const noted: LeadEvent = {
  type: 'LeadActivityNoted',
  data: { leadId, followUpId, channel: 'call', outcome: 'reached' },
};
const warned = (recycleAt: string, policyVersion = 1): LeadEvent => ({
  type: 'LeadRecycleWarned',
  data: { leadId, ownerId: fang, ruleId: 'idle', policyVersion, recycleAt },
});
const on = (days: number, event: LeadEvent) => ({ event, occurredAt: day(days) });

const { given } = spec(lead, {});
const note = (outcome: 'reached' | 'not_reached') =>
  NoteLeadActivity.of({ leadId, followUpId, channel: 'call', outcome });
const warn = WarnOfLeadRecycle.of({ leadId });
const recycle = RecycleLead.of({ leadId });

test('reaching somebody is noted', () => given(captured, claimed).when(note('reached')).then(noted));
test('reaching nobody is not', () => given(captured, claimed).when(note('not_reached')).thenNothing());
test('a follow-up is noted once', () => given(captured, claimed, noted).when(note('reached')).thenNothing());
test('a pooled lead has no owner to keep it for', () => given(captured).when(note('reached')).thenNothing());

test('the owner is warned in time', () =>
  given(captured, claimed)
    .when(warn, at(5))
    .then(warned(day(7))));
test('a warning that comes late puts off the recycle', () =>
  given(captured, claimed)
    .when(warn, at(6.5))
    .then(warned(day(8.5))));
test('nobody is warned too early', () =>
  given(captured, claimed)
    .when(warn, at(4.9))
    .thenRefused('LEAD_STILL_ACTIVE', { warnAt: day(5) }));
test('nobody is warned twice', () =>
  given(captured, claimed, on(5, warned(day(7))))
    .when(warn, at(6))
    .thenRefused('OWNER_ALREADY_WARNED'));
test('without a rule nobody is warned', () =>
  given(captured, claimed).when(warn, at(9, {})).thenRefused('NO_RECYCLE_RULE'));

const recycled: LeadEvent = {
  type: 'LeadRecycled',
  data: {
    ...{ leadId, previousOwnerId: fang, targetPoolId: poolId, ruleId: 'idle', policyVersion: 1 },
    ...{ basis: { idleDays: 7, threshold: 7 }, warnedAt: day(5) },
    ...{ stageVisit: { ends: 2, begins: 3 }, ownershipVisit: { ends: 1 } },
  },
};
test('after the warning the lead goes back, and the event cites it', () =>
  given(captured, claimed, on(5, warned(day(7))))
    .when(recycle, at(7))
    .then(recycled));
test('without a warning it stays', () =>
  given(captured, claimed).when(recycle, at(30)).thenRefused('OWNER_NOT_WARNED'));
test('a follow-up one second before wins', () =>
  given(captured, claimed, on(5, warned(day(7))), on(7 - 1 / 86_400, noted))
    .when(recycle, at(7))
    .thenRefused('LEAD_STILL_ACTIVE', { idleDays: 0 }));
test('a follow-up answers the warning: another one is due', () =>
  given(captured, claimed, on(5, warned(day(7))), on(6, noted))
    .when(recycle, at(13))
    .thenRefused('OWNER_NOT_WARNED'));
test('a new owner answers for their own time only', () =>
  given(captured, claimed, on(5, warned(day(7))), on(6, transferred))
    .when(recycle, at(13))
    .thenRefused('OWNER_NOT_WARNED'));
test('after a change of the rules the owner is warned anew', () =>
  given(captured, claimed, on(5, warned(day(7))))
    .when(recycle, at(7, { pool: poolWith(3, 2) }))
    .thenRefused('OWNER_NOT_WARNED'));
test('nobody loses a lead sooner than the days of the warning', () =>
  given(captured, claimed, on(6, warned(day(8))))
    .when(recycle, at(7))
    .thenRefused('OWNER_WARNED_TOO_LATE', { recycleAt: day(8) }));
