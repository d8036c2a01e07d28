import { expect, test } from '@jest/globals';
import { fold } from '#kernel';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { ChangePoolMembers, DefinePool, RetirePool, SetClaimPolicy, SetRecyclePolicy } from './pool.commands.js';
import { pool } from './pool.decider.js';
import type { PoolEvent } from './pool.events.js';

const poolId = 'b0010000-0000-4000-8000-000000000001';
const fang = 'e0000000-0000-4000-8000-000000000002';
const lei = 'e0000000-0000-4000-8000-000000000003';

const defined: PoolEvent = { type: 'PoolDefined', data: { poolId, name: '华东公海', zone: 'Asia/Shanghai' } };
const fangJoined: PoolEvent = { type: 'PoolMembersChanged', data: { poolId, added: [fang], removed: [] } };
const limited: PoolEvent = {
  type: 'ClaimPolicySet',
  data: { poolId, policyVersion: 1, dailyLimitPerRep: 10, holdingCap: 50 },
};
const rule = { ruleId: 'idle', entityKind: 'lead', trigger: 'no_follow_up', days: 7, warnDaysBefore: 2 } as const;
const recycles: PoolEvent = { type: 'RecyclePolicySet', data: { poolId, policyVersion: 1, rules: [rule] } };
const retired: PoolEvent = { type: 'PoolRetired', data: { poolId } };

const { given } = spec(pool, {});

test('a pool can be defined', () =>
  given()
    .when(DefinePool.of({ poolId, name: '华东公海', zone: 'Asia/Shanghai' }))
    .then(defined));
test('a pool that names no zone keeps the days of UTC', () =>
  given()
    .when(DefinePool.of({ poolId, name: '公海' }))
    .then({ type: 'PoolDefined', data: { poolId, name: '公海', zone: 'UTC' } }));
test('a pool is defined once', () =>
  given(defined)
    .when(DefinePool.of({ poolId, name: '华东公海' }))
    .thenRefused('POOL_ALREADY_DEFINED'));

test('members join', () =>
  given(defined)
    .when(ChangePoolMembers.of({ poolId, add: [fang, fang] }))
    .then(fangJoined));
test('members join and leave; who is one or none already is not named', () =>
  given(defined, fangJoined)
    .when(ChangePoolMembers.of({ poolId, add: [fang, lei], remove: [fang] }))
    .then({ type: 'PoolMembersChanged', data: { poolId, added: [lei], removed: [fang] } }));
test('who is a member already joins not', () =>
  given(defined, fangJoined)
    .when(ChangePoolMembers.of({ poolId, add: [fang] }))
    .thenNothing());
test('nobody joins a pool that is not defined', () =>
  given()
    .when(ChangePoolMembers.of({ poolId, add: [fang] }))
    .thenRefused('POOL_UNKNOWN'));

test('claims can be limited', () =>
  given(defined)
    .when(SetClaimPolicy.of({ poolId, dailyLimitPerRep: 10, holdingCap: 50 }))
    .then(limited));
test('other limits are the next version of the policy', () =>
  given(defined, limited)
    .when(SetClaimPolicy.of({ poolId, previousOwnerCoolOffDays: 7, newEntryEmbargoHours: 24 }))
    .then({
      type: 'ClaimPolicySet',
      data: { poolId, policyVersion: 2, previousOwnerCoolOffDays: 7, newEntryEmbargoHours: 24 },
    }));
test('the same limits are no new version', () =>
  given(defined, limited)
    .when(SetClaimPolicy.of({ poolId, dailyLimitPerRep: 10, holdingCap: 50 }))
    .thenNothing());
test('a retired pool gets no policy', () =>
  given(defined, retired)
    .when(SetClaimPolicy.of({ poolId, dailyLimitPerRep: 10 }))
    .thenRefused('POOL_RETIRED'));

test('recycling rules can be set', () =>
  given(defined)
    .when(SetRecyclePolicy.of({ poolId, rules: [rule] }))
    .then(recycles));
test('other rules are the next version of the policy', () =>
  given(defined, recycles)
    .when(SetRecyclePolicy.of({ poolId, rules: [] }))
    .then({ type: 'RecyclePolicySet', data: { poolId, policyVersion: 2, rules: [] } }));
test('the same rules are no new version', () =>
  given(defined, recycles)
    .when(SetRecyclePolicy.of({ poolId, rules: [rule] }))
    .thenNothing());
test('a rule has an id of its own', () =>
  given(defined)
    .when(SetRecyclePolicy.of({ poolId, rules: [rule, { ...rule, days: 9 }] }))
    .thenRefused('RECYCLE_RULE_TWICE', { ruleId: 'idle' }));

test('a pool can be retired', () => given(defined).when(RetirePool.of({ poolId })).then(retired));
test('a pool is retired once', () => given(defined, retired).when(RetirePool.of({ poolId })).thenNothing());
test('an unknown pool cannot be retired', () => given().when(RetirePool.of({ poolId })).thenRefused('POOL_UNKNOWN'));

const some = fc.subarray([fang, lei]);
const anyCommand = fc.oneof(
  { arbitrary: fc.constant(DefinePool.of({ poolId, name: '公海' })), weight: 3 },
  fc.record({ add: some, remove: some }).map((who) => ChangePoolMembers.of({ poolId, ...who })),
  fc.nat({ max: 2 }).map((dailyLimitPerRep) => SetClaimPolicy.of({ poolId, dailyLimitPerRep })),
  fc.integer({ min: 1, max: 2 }).map((days) => SetRecyclePolicy.of({ poolId, rules: [{ ...rule, days }] })),
  fc.constant(RetirePool.of({ poolId })),
);

laws(pool, anyCommand, {});

test('pool: nobody is a member twice, and versions are dense', () => {
  fc.assert(
    fc.property(steps(anyCommand), (drawn) => {
      const history = play(pool, drawn, {});
      const state = fold(pool, history);
      const members = state.status === 'unknown' ? [] : state.members;
      expect(members).toEqual([...new Set(members)]);
      const versions = history.flatMap((event) => (event.type === 'ClaimPolicySet' ? event.data.policyVersion : []));
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }),
  );
});
