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

/** Why the owner of a lead or customer gave it back to its pool. */
export const RETURN_REASONS = [
  'invalid_number',
  'no_need',
  'competitor',
  'duplicate',
  'out_of_scope',
  'other',
] as const;
