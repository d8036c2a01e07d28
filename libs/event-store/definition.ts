import type { AnyCommand, CommandClasses, Decider, Event } from '#kernel';
import type { Command } from './command.js';
import { atHand, type LookingUp } from './looking-up.js';
import type { Reservations } from './reservations.js';

/** Command classes by name, as a `.commands.ts` file exports them. */
export type Commands = Readonly<Record<string, new () => Command>>;

/** Reads the folded state of another aggregate, from its stream. */
export type ReadState = <State, E extends Event, C extends CommandClasses, Facts>(
  decider: Decider<State, E, C, Facts>,
  id: string,
) => Promise<State>;

/** Looks up the folded state of another aggregate, which may be a second old. */
export type ReadFact = <State, E extends Event, C extends CommandClasses, Facts>(
  decider: Decider<State, E, C, Facts>,
  id: string,
) => LookingUp<State>;

/** Whether the event with this id stands in a stream. */
export type Happened = (stream: string, eventId: string) => LookingUp<boolean>;

/** Looks up, before a decision, what the decider may know of other aggregates. */
export type LookUp<State, C extends CommandClasses, Facts> = (
  command: AnyCommand<C>,
  state: State,
  read: ReadFact,
  happened: Happened,
) => LookingUp<Facts>;

/** For deciders that ask for no facts. */
export const noFacts = (): LookingUp<object> => NO_FACTS;
const NO_FACTS = atHand({});

/** A decider with the command classes that reach it and the facts that it asks for. */
export interface Definition<State, E extends Event, C extends CommandClasses, Facts> {
  readonly decider: Decider<State, E, C, Facts>;
  readonly lookUp: LookUp<State, C, Facts>;
  readonly reservations?: Reservations<State, E, Facts>;
}

/** What the loop runs; which facts the decider asks for stays between it and its look-up. */
export function definitionOf<State, E extends Event, C extends CommandClasses, Facts>(
  decider: Decider<State, E, C, Facts>,
  lookUp: LookUp<State, C, Facts>,
): Definition<State, E, C, object>;
export function definitionOf<State, E extends Event, C extends CommandClasses>(
  decider: Decider<State, E, C>,
  lookUp: LookUp<State, C, object>,
): Definition<State, E, C, object> {
  return { decider, lookUp };
}
