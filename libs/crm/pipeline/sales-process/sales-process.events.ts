import type { EventOf } from '#kernel';
import { code, event, flag, id, integer, list, oneOf, optional, record, text } from '#kernel';

/** Evidence that must be on record before a stage is left. */
export const exitCriterion = record({ id: code, name: text, required: flag });

/** One stage of a published version, in order. `probability` is in percent. */
export const stage = record({
  id: code,
  name: text,
  orderIndex: integer,
  kind: oneOf('open', 'won', 'lost'),
  probability: integer,
  exitCriteria: list(exitCriterion),
  maxDays: optional(integer),
});

/** What may be done along the stages; `reopenWindowDays` absent means: at any time. */
export const processRules = record({ allowSkip: flag, allowRegress: flag, reopenWindowDays: optional(integer) });

/** Stored for ever: add optional fields, never rename or remove. Sales process 销售流程. */
export const salesProcessEvents = {
  SalesProcessDefined: event('A way of selling got a name.', { processId: id, name: text }),
  SalesProcessVersionPublished: event('A version of the process with its stages can be used; it never changes again.', {
    processId: id,
    version: integer,
    stages: list(stage),
    rules: processRules,
  }),
  SalesProcessVersionRetired: event('No new opportunity follows this version.', { processId: id, version: integer }),
};

export type SalesProcessEvent = EventOf<typeof salesProcessEvents>;
