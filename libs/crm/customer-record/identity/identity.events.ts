import type { EventOf } from '#kernel';
import { event, id, instant, list, optional } from '#kernel';

/** Stored for ever: add optional fields, never rename or remove. Identity: what only one record may be known by (form (a) of set rules). */
export const identityEvents = {
  IdentityReserved: event('What a record wants to be known by was set aside for it; nobody else can have it.', {
    /** Its kind and a keyed hash of it, from which it cannot be guessed. */
    identityId: id,
    holderId: id,
    /** Where the event that needs it will stand, and the id it will have. */
    stream: id,
    reservationId: id,
    /** When somebody looks whether that event was written; absent: it is the holder's for good, written or not. */
    until: optional(instant),
  }),
  IdentityConfirmed: event('The record is known by it.', { identityId: id, holderId: id, reservationId: id }),
  IdentityReleased: event('The record is not known by it, or no longer; once nothing of it is held, another can be.', {
    identityId: id,
    holderId: id,
    /** The reservation that came to nothing or is needed no more; absent: all that the holder had of it. */
    reservationId: optional(id),
  }),
  IdentityMentioned: event('An open record that need not be alone with it tells of it too: perhaps the same person.', {
    identityId: id,
    /** Its kind and id: `lead:3f2c…`. */
    record: id,
    /** Who is known by it, and which other open records told of it last. */
    holderId: optional(id),
    alsoBy: list(id),
  }),
  IdentityMentionWithdrawn: event('The record tells of it no more, or is closed.', {
    identityId: id,
    record: id,
    holderId: optional(id),
    alsoBy: list(id),
  }),
};

export type IdentityEvent = EventOf<typeof identityEvents>;
