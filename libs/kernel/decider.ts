import type { Actor } from './envelope.js';
import type { DataOf, Event } from './event.js';
import type { EventSchema } from './event-schema.js';
import type { Recorded } from './recorded-event.js';

export type CommandClasses = Readonly<Record<string, abstract new () => object>>;
export type AnyCommand<Commands extends CommandClasses> = InstanceType<Commands[keyof Commands]>;

/** What a decision may know besides state and command: nothing is looked up while deciding. */
export interface Context<Facts = object> {
  /** The moment of the decision, from the Clock. */
  readonly now: string;
  /** The business time of what is decided: `now`, or earlier for imports and simulations. */
  readonly occurredAt: string;
  readonly actor: Actor;
  /** States of other aggregates, folded from their streams before the decision. */
  readonly facts: Facts;
}

/** The part of a recorded event that state may remember besides its data. */
export type Occurrence = Pick<Recorded, 'eventId' | 'revision' | 'occurredAt' | 'recordedAt' | 'actor'>;

/** An aggregate: what it knows (state), what it allows (decide), what it learns (evolve). Pure. */
export interface Decider<State, E extends Event, Commands extends CommandClasses, Facts = object> {
  /** The stream of an instance is `<name>-<id>`. */
  readonly name: string;
  readonly events: { readonly [Type in E['type']]: EventSchema };
  readonly initial: State;
  readonly idOf: (command: AnyCommand<Commands>) => string;
  /** The employee who gets the credit for the next event, frozen into its envelope with the tree above them. */
  readonly ownerOf?: (state: State) => string | undefined;
  /** Known? Already done (no event)? Allowed (Refusal)? Then the events. */
  readonly decide: {
    readonly [Name in keyof Commands]: (
      state: State,
      command: InstanceType<Commands[Name]>,
      context: Context<Facts>,
    ) => readonly E[];
  };
  /** Must never throw: the event has already happened. */
  readonly evolve: {
    readonly [Type in E['type']]: (state: State, data: DataOf<E, Type>, at: Occurrence) => State;
  };
}

/** A decider whose types are its own business: what generic machinery works on. */
export interface AnyDecider {
  readonly name: string;
  readonly events: Readonly<Record<string, EventSchema>>;
  readonly initial: unknown;
  readonly decide: Readonly<Record<string, (state: never, command: never, context: never) => readonly Event[]>>;
  readonly evolve: Readonly<Record<string, (state: never, data: never, at: never) => unknown>>;
}
