import type { Context, DataOf, Event } from '#kernel';
import type { Command } from './command.js';

/** Something of which there is one or a limited number, had elsewhere before an event may be written. */
export interface Reservation {
  /** Sent first: a rule that refuses it refuses the whole command. Sent again for the same event, it must change nothing. */
  readonly reserve: Command;
  /** Sent when another event was written, or none: it looks whether ours was, and gives back what nobody needs. */
  readonly settle?: Command;
  /** Fields that the event carries as its proof. */
  readonly proof?: Readonly<Record<string, unknown>>;
}

/** A number that the event is given, in a field of its own. */
export interface NumberNeeded {
  readonly series: string;
  readonly field: string;
}

/** Fields that the event carries, such as keyed hashes of what it tells; nothing is reserved for them. */
export interface Mark {
  readonly proof: Readonly<Record<string, unknown>>;
}

export type Need = Reservation | NumberNeeded | Mark;

/** What is known of an event that is about to be written. */
export interface Intended<State, Facts> extends Context<Facts> {
  /** The id that the event will have: reservations are made under it, and it tells whether they were needed. */
  readonly eventId: string;
  readonly stream: string;
  /** When somebody looks whether what is reserved now was needed. */
  readonly reservedUntil: string;
  /** The state before the event. */
  readonly state: State;
  /** A keyed hash of a text, from which the text cannot be guessed (PR4). */
  readonly fingerprint: (text: string) => string;
}

/** What must be had, or is added, before an event may be written, by its type; in this order. Pure. */
export type Reservations<State, E extends Event, Facts> = {
  readonly [Type in E['type']]?: (data: DataOf<E, Type>, intended: Intended<State, Facts>) => readonly Need[];
};
