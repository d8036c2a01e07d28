import type { EventOf } from '#kernel';
import { event, id, oneOf } from '#kernel';
import { FOLLOW_UP_CHANNELS, FOLLOW_UP_OUTCOMES } from '../../common.events.js';
import { ENTITY_KINDS } from '../../high-sea/pool/pool.events.js';

/** Stored for ever: add optional fields, never rename or remove. FollowUp 跟进. */
export const followUpEvents = {
  FollowUpRecorded: event('Somebody contacted a lead or customer, or tried to.', {
    followUpId: id,
    entityKind: oneOf(...ENTITY_KINDS),
    recordId: id,
    channel: oneOf(...FOLLOW_UP_CHANNELS),
    outcome: oneOf(...FOLLOW_UP_OUTCOMES),
  }),
};

export type FollowUpEvent = EventOf<typeof followUpEvents>;
