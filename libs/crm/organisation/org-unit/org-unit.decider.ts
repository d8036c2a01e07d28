import type { Decider } from '#kernel';
import { Refusal } from '#kernel';
import type * as commands from './org-unit.commands.js';
import type { OrgUnitEvent } from './org-unit.events.js';
import { orgUnitEvents } from './org-unit.events.js';

export type OrgUnitRefusal = 'UNIT_UNKNOWN' | 'UNIT_ALREADY_CREATED' | 'UNIT_CLOSED' | 'UNIT_UNDER_ITSELF';

export type OrgUnit =
  | { readonly status: 'unknown' }
  | { readonly status: 'open' | 'closed'; readonly unitId: string; readonly name: string; readonly parentId?: string };

/** The units above the wanted parent, as they stand before the decision. */
export interface OrgUnitFacts {
  readonly unitsAbove: readonly string[];
}

/** Organisational unit 部门: a place in the tree of the organisation, which has no circles (OI1). */
export const orgUnit: Decider<OrgUnit, OrgUnitEvent, typeof commands, OrgUnitFacts> = {
  name: 'unit',
  events: orgUnitEvents,
  initial: { status: 'unknown' },
  idOf: ({ unitId }) => unitId,
  decide: {
    CreateUnit: (unit, { unitId, name, parentId }, { facts }) => {
      if (unit.status !== 'unknown') throw refusal('UNIT_ALREADY_CREATED', { unitId });
      notUnderItself(unitId, parentId, facts);
      return [{ type: 'UnitCreated', data: { unitId, name, parentId } }];
    },
    MoveUnit: (unit, { unitId, parentId }, { facts }) => {
      const { status, parentId: from } = known(unit, unitId);
      if (from === parentId) return [];
      if (status === 'closed') throw refusal('UNIT_CLOSED', { unitId });
      notUnderItself(unitId, parentId, facts);
      return [{ type: 'UnitMoved', data: { unitId, from, to: parentId } }];
    },
    CloseUnit: (unit, { unitId }) =>
      known(unit, unitId).status === 'closed' ? [] : [{ type: 'UnitClosed', data: { unitId } }],
  },
  evolve: {
    UnitCreated: (_, { unitId, name, parentId }) => ({ status: 'open', unitId, name, parentId }),
    UnitMoved: (unit, { to }) => (unit.status === 'unknown' ? unit : { ...unit, parentId: to }),
    UnitClosed: (unit) => (unit.status === 'unknown' ? unit : { ...unit, status: 'closed' }),
  },
};

const refusal = (code: OrgUnitRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<OrgUnitRefusal>(code, details);

function known(unit: OrgUnit, unitId: string) {
  if (unit.status === 'unknown') throw refusal('UNIT_UNKNOWN', { unitId });
  return unit;
}

function notUnderItself(unitId: string, parentId: string | undefined, { unitsAbove }: OrgUnitFacts) {
  if (parentId === unitId || unitsAbove.includes(unitId)) throw refusal('UNIT_UNDER_ITSELF', { unitId, parentId });
}
