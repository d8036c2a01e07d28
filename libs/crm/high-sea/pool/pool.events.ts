import type { EventOf } from '#kernel';
import { code, event, id, integer, list, oneOf, optional, record, text } from '#kernel';
import { RECYCLE_TRIGGERS } from '../../customer-record/customer/customer.events.js';

/** What may lie in a pool. */
export const ENTITY_KINDS = ['lead', 'customer'] as const;

/** One rule by which an owner loses what they neglect; `productLine`, exemptions and the like come with their contexts. */
export const recycleRule = record({
  ruleId: code,
  entityKind: oneOf(...ENTITY_KINDS),
  level: optional(text),
  trigger: oneOf(...RECYCLE_TRIGGERS),
  days: integer,
  targetPoolId: optional(id),
  warnDaysBefore: integer,
});

/** Stored for ever: add optional fields, never rename or remove. Pool 线索池、公海. */
export const poolEvents = {
  PoolDefined: event('There is a pool, in which lies what nobody owns; its days are those of its zone.', {
    poolId: id,
    name: text,
    zone: code,
  }),
  PoolMembersChanged: event('Other employees than before may claim from the pool.', {
    poolId: id,
    added: list(id),
    removed: list(id),
  }),
  ClaimPolicySet: event('Claims from the pool are limited like this from now on; an absent limit limits nothing.', {
    poolId: id,
    policyVersion: integer,
    dailyLimitPerRep: optional(integer),
    holdingCap: optional(integer),
    previousOwnerCoolOffDays: optional(integer),
    newEntryEmbargoHours: optional(integer),
  }),
  RecyclePolicySet: event('What was taken from the pool goes back by these rules from now on.', {
    poolId: id,
    policyVersion: integer,
    rules: list(recycleRule),
  }),
  PoolRetired: event('Nothing is claimed from the pool any more.', { poolId: id }),
};

export type PoolEvent = EventOf<typeof poolEvents>;
