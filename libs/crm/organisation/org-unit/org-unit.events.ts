import type { EventOf } from '#kernel';
import { event, id, optional, text } from '#kernel';

/** Stored for ever: add optional fields, never rename or remove. Organisational unit 部门. */
export const orgUnitEvents = {
  UnitCreated: event('A unit of the organisation came into being.', {
    unitId: id,
    name: text,
    parentId: optional(id),
  }),
  UnitMoved: event('The unit belongs under another unit.', { unitId: id, from: optional(id), to: optional(id) }),
  UnitClosed: event('The unit is no more.', { unitId: id }),
};

export type OrgUnitEvent = EventOf<typeof orgUnitEvents>;
