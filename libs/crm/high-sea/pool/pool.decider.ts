import type { DataOf, Decider } from '#kernel';
import { Refusal } from '#kernel';
import { canonicalJson } from '../../content-hash.js';
import type * as commands from './pool.commands.js';
import type { PoolEvent } from './pool.events.js';
import { poolEvents } from './pool.events.js';

export type PoolRefusal = 'POOL_UNKNOWN' | 'POOL_ALREADY_DEFINED' | 'POOL_RETIRED' | 'RECYCLE_RULE_TWICE';

/** How claims are limited, and which setting of the limits this is. */
export type ClaimPolicy = Omit<DataOf<PoolEvent, 'ClaimPolicySet'>, 'poolId'>;
export type RecyclePolicy = Omit<DataOf<PoolEvent, 'RecyclePolicySet'>, 'poolId'>;
export type RecycleRule = RecyclePolicy['rules'][number];

export type Pool =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'open' | 'retired';
      readonly poolId: string;
      readonly zone: string;
      readonly members: readonly string[];
      readonly claimPolicy?: ClaimPolicy;
      readonly recyclePolicy?: RecyclePolicy;
    };

export type KnownPool = Exclude<Pool, { status: 'unknown' }>;

/** Pool 线索池、公海: who may claim from it, how much, and by which rules it takes back. */
export const pool: Decider<Pool, PoolEvent, typeof commands> = {
  name: 'pool',
  events: poolEvents,
  initial: { status: 'unknown' },
  idOf: ({ poolId }) => poolId,
  decide: {
    DefinePool: (pool, { poolId, name, zone = 'UTC' }) => {
      if (pool.status !== 'unknown') throw refusal('POOL_ALREADY_DEFINED', { poolId });
      return [{ type: 'PoolDefined', data: { poolId, name, zone } }];
    },
    ChangePoolMembers: (pool, { poolId, add = [], remove = [] }) => {
      const { members } = open(pool, poolId);
      const added = distinct(add).filter((member) => !members.includes(member) && !remove.includes(member));
      const removed = distinct(remove).filter((member) => members.includes(member));
      if (added.length + removed.length === 0) return [];
      return [{ type: 'PoolMembersChanged', data: { poolId, added, removed } }];
    },
    SetClaimPolicy: (pool, { poolId, ...command }) => {
      const { claimPolicy } = open(pool, poolId);
      const { dailyLimitPerRep, holdingCap, previousOwnerCoolOffDays, newEntryEmbargoHours } = command;
      const limits = { dailyLimitPerRep, holdingCap, previousOwnerCoolOffDays, newEntryEmbargoHours };
      if (claimPolicy && same({ ...claimPolicy, policyVersion: undefined }, limits)) return [];
      const policyVersion = (claimPolicy?.policyVersion ?? 0) + 1;
      return [{ type: 'ClaimPolicySet', data: { poolId, policyVersion, ...limits } }];
    },
    SetRecyclePolicy: (pool, { poolId, rules }) => {
      const { recyclePolicy } = open(pool, poolId);
      const ids = rules.map(({ ruleId }) => ruleId);
      const twice = ids.find((ruleId, index) => ids.indexOf(ruleId) !== index);
      if (twice !== undefined) throw refusal('RECYCLE_RULE_TWICE', { poolId, ruleId: twice });
      if (recyclePolicy && same(recyclePolicy.rules, rules)) return [];
      const policyVersion = (recyclePolicy?.policyVersion ?? 0) + 1;
      return [{ type: 'RecyclePolicySet', data: { poolId, policyVersion, rules } }];
    },
    RetirePool: (pool, { poolId }) => {
      if (pool.status === 'retired') return [];
      open(pool, poolId);
      return [{ type: 'PoolRetired', data: { poolId } }];
    },
  },
  evolve: {
    PoolDefined: (_, { poolId, zone }) => ({ status: 'open', poolId, zone, members: [] }),
    PoolMembersChanged: (pool, { added, removed }) =>
      pool.status === 'unknown'
        ? pool
        : { ...pool, members: [...pool.members.filter((member) => !removed.includes(member)), ...added] },
    ClaimPolicySet: (pool, { poolId: _, ...claimPolicy }) =>
      pool.status === 'unknown' ? pool : { ...pool, claimPolicy },
    RecyclePolicySet: (pool, { poolId: _, ...recyclePolicy }) =>
      pool.status === 'unknown' ? pool : { ...pool, recyclePolicy },
    PoolRetired: (pool) => (pool.status === 'unknown' ? pool : { ...pool, status: 'retired' }),
  },
};

const refusal = (code: PoolRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<PoolRefusal>(code, details);

function open(pool: Pool, poolId: string): KnownPool {
  if (pool.status === 'open') return pool;
  throw refusal(pool.status === 'unknown' ? 'POOL_UNKNOWN' : 'POOL_RETIRED', { poolId });
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)];
const same = (one: object, other: object) => canonicalJson(one) === canonicalJson(other);
