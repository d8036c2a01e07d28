import { test } from '@jest/globals';
import { cancel, schedule, send, wake } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import { NOW } from '../../../test/spec.js';
import { RecycleCustomer } from '../customer-record/customer/customer.commands.js';
import { RecycleLead, WarnOfLeadRecycle } from '../high-sea/lead/lead.commands.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import type { KnownPool } from '../high-sea/pool/pool.decider.js';
import type { Held } from '../ownership.js';
import { recycleWhatNobodyFollowsUp } from './recycle-what-nobody-follows-up.policy.js';

const { when, due, refused } = policySpec(recycleWhatNobodyFollowsUp);
const leadId = '1ead0000-0000-4000-8000-000000000001';
const poolId = 'b0010000-0000-4000-8000-000000000001';
const fang = 'e0000000-0000-4000-8000-000000000002';
const day = (days: number) => new Date(Date.parse(NOW) + days * 86_400_000).toISOString();
const never = '9999-12-31T00:00:00.000Z';

const rules = (['lead', 'customer'] as const).map((entityKind) => ({
  ...{ ruleId: 'idle', entityKind, trigger: 'no_follow_up' as const, days: 7, warnDaysBefore: 2 },
}));
const pool: KnownPool = {
  status: 'open',
  poolId,
  zone: 'UTC',
  members: [],
  recyclePolicy: { policyVersion: 1, rules },
};
const held: Held = { ownerId: fang, ownedSince: NOW };
const warned: Held = { ...held, warned: { at: day(5), ruleId: 'idle', policyVersion: 1 } };

const noted: LeadEvent = {
  type: 'LeadActivityNoted',
  data: { leadId, followUpId: leadId, channel: 'call', outcome: 'reached' },
};
const key = `lead-${leadId}`;
const data = { entityKind: 'lead', recordId: leadId } as const;
const watching = (at: string) => schedule({ key, at, data, group: poolId });

test('an owned lead is looked at when its owner is to be warned', () =>
  when(noted, { pool, held }).then(watching(day(5))));
test('after the warning it is looked at when it is to go back', () =>
  when(noted, { pool, held: warned }).then(watching(day(7))));
test('without a rule it waits for one', () =>
  when(noted, { pool: { ...pool, recyclePolicy: undefined }, held }).then(watching(never)));
test('what nobody owns any more is not watched', () => when(noted, { pool }).then(cancel(key)));
test('a lead of a pool that nobody defined is not watched', () => when(noted, {}).then());
test('new rules wake everything that they concern', () =>
  when({ type: 'RecyclePolicySet', data: { poolId, policyVersion: 2, rules: [] } }, {}).then(wake(poolId)));

test('then the owner is warned', () =>
  due({ key, at: day(5), data }, { pool, held }).then(send(WarnOfLeadRecycle.of({ leadId }))));
test('and the lead goes back', () =>
  due({ key, at: day(7), data }, { pool, held: warned }).then(send(RecycleLead.of({ leadId }))));
test('a customer goes back by the same rule', () =>
  due(
    { key: `customer-${leadId}`, at: day(7), data: { entityKind: 'customer', recordId: leadId } },
    { pool, held: warned },
  ).then(send(RecycleCustomer.of({ customerId: leadId, trigger: 'no_follow_up' }))));
test('whoever is woken too early is looked at again in time', () =>
  due({ key, at: day(1), data }, { pool, held }).then(watching(day(5))));
test('what a rule said no to is looked at again the next day', () =>
  refused(RecycleLead.of({ leadId }), 'LEAD_STILL_ACTIVE', {}, day(7)).then(schedule({ key, at: day(8), data })));
