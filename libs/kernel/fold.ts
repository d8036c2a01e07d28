import type { AnyCommand, CommandClasses, Context, Decider, Occurrence } from './decider.js';
import type { Event } from './event.js';
import type { RecordedEvent } from './recorded-event.js';

/** The state after one more event. A type that the aggregate no longer knows changes nothing. */
export function evolve<State, E extends Event, Commands extends CommandClasses, Facts>(
  decider: Decider<State, E, Commands, Facts>,
  state: State,
  event: Event & Occurrence,
): State {
  const steps: Readonly<Record<string, ((state: State, data: never, at: Occurrence) => State) | undefined>> =
    decider.evolve;
  // The table is keyed by event type, so the step under this type takes exactly this event's data.
  return steps[event.type]?.(state, event.data as never, event) ?? state;
}

/** The state that a stream tells. */
export const fold = <State, E extends Event, Commands extends CommandClasses, Facts>(
  decider: Decider<State, E, Commands, Facts>,
  events: Iterable<RecordedEvent>,
): State => {
  let state = decider.initial;
  for (const event of events) state = evolve(decider, state, event);
  return state;
};

/** The events that a command causes: takes the decision that stands under the command's class name. */
export function decideBy<State, E extends Event, Commands extends CommandClasses, Facts>(
  decider: Decider<State, E, Commands, Facts>,
  state: State,
  command: AnyCommand<Commands>,
  context: Context<Facts>,
): readonly E[] {
  const decisions: Readonly<
    Record<string, ((state: State, command: never, context: Context<Facts>) => readonly E[]) | undefined>
  > = decider.decide;
  const decision = decisions[command.constructor.name];
  if (decision === undefined) throw new Error(`${decider.name} has no decision for ${command.constructor.name}`);
  // The table is keyed by class name, so the decision under this name takes exactly this command.
  return decision(state, command as never, context);
}
