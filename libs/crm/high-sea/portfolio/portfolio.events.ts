import type { EventOf } from '#kernel';
import { event, flag, id, instant, integer, oneOf, optional } from '#kernel';
import { ENTITY_KINDS } from '../pool/pool.events.js';

const entityKind = oneOf(...ENTITY_KINDS);

/** Stored for ever: add optional fields, never rename or remove. Portfolio: what one employee holds; `visit` is the ownership visit of the record. */
export const portfolioEvents = {
  HoldingReserved: event('Room for one more record was set aside among what the employee holds.', {
    repId: id,
    entityKind,
    recordId: id,
    visit: integer,
    reservationId: id,
    stream: id,
    cap: optional(integer),
    held: integer,
    overridesCap: flag,
    until: instant,
  }),
  HoldingReleased: event('The room that was set aside was not needed.', { repId: id, reservationId: id }),
  HoldingAdded: event('The employee owns one more record.', {
    repId: id,
    entityKind,
    recordId: id,
    visit: integer,
    reservationId: id,
  }),
  HoldingRemoved: event('A record left the employee.', { repId: id, entityKind, recordId: id, visit: integer }),
  HoldingCapSet: event(
    'The employee may hold this many records of a kind, whatever the pools say; without a cap, what the pools say.',
    { repId: id, entityKind, cap: optional(integer) },
  ),
};

export type PortfolioEvent = EventOf<typeof portfolioEvents>;
