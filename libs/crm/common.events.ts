import { code, integer, optional, record, sealed, text } from '#kernel';

/** The visit (of a stage or of an owner) that an event ends, begins, or both: the aggregate counts them from 1. */
export const visit = record({ ends: optional(integer), begins: optional(integer) });

/** One field of a record that got another value. Values that tell of a person stand in `personal`, all others in the clear. */
export const fieldChange = (kind: string, idField: string) =>
  record({
    field: code,
    old: optional(text),
    new: optional(text),
    personal: optional(sealed(kind, idField, record({ old: optional(text), new: optional(text) }))),
  });

/** How somebody was contacted, and what came of it. */
export const FOLLOW_UP_CHANNELS = ['call', 'visit', 'meeting', 'email', 'message', 'other'] as const;
export const FOLLOW_UP_OUTCOMES = ['reached', 'not_reached', 'left_message'] as const;

/** Why the owner of a lead or customer gave it back to its pool. */
export const RETURN_REASONS = [
  'invalid_number',
  'no_need',
  'competitor',
  'duplicate',
  'out_of_scope',
  'other',
] as const;
