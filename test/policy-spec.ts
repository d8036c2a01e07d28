import { expect } from '@jest/globals';
import type { Due, Event, Policy, Reaction, RecordedEvent } from '#kernel';
import { NOW, recorded } from './spec.js';

/** When/then for one policy: `when(event, facts).then(…reactions)`, `due(deadline, facts).then(…reactions)`. */
export function policySpec<E extends Event, Data extends object, Facts>(policy: Policy<E, Data, Facts>) {
  const on: Readonly<Record<string, ((event: never, facts: Facts) => readonly Reaction<Data>[]) | undefined>> =
    policy.when;
  return {
    when: (event: E, facts: Facts, at: Partial<RecordedEvent> = {}) =>
      // The table is keyed by event type, so the entry under this type takes exactly this event.
      outcome(on[event.type]?.(recorded(event, 0, at) as never, facts) ?? []),
    due: (deadline: Omit<Due<Data>, 'now'>, facts: Facts, now = deadline.at) =>
      outcome(policy.due?.({ ...deadline, now }, facts) ?? []),
    refused: (command: object, code: string, details: Readonly<Record<string, unknown>> = {}, now = NOW) =>
      outcome(policy.refused?.[command.constructor.name]?.({ command, code, details, now }) ?? []),
  };
}

const outcome = (reactions: readonly Reaction[]) => ({
  then: (...expected: readonly Reaction[]) => {
    expect(reactions.map(told)).toEqual(expected.map(told));
  },
});

/** Reactions as plain data, a command with the name of its class. */
const told = (reaction: Reaction): unknown => {
  if (reaction.kind !== 'send') return JSON.parse(JSON.stringify(reaction));
  return { send: reaction.command.constructor.name, ...(JSON.parse(JSON.stringify(reaction.command)) as object) };
};
