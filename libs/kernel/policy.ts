import type { Event } from './event.js';
import type { RecordedEvent } from './recorded-event.js';

/** A moment at which a policy looks again. Its data holds ids and codes, never what tells of a person. */
export interface Deadline<Data extends object = object> {
  /** One deadline a policy and key: another one under the same key takes its place. */
  readonly key: string;
  readonly at: string;
  readonly data: Data;
  /** What it depends on besides its own record: all deadlines of a group can be woken together. */
  readonly group?: string;
}

/** A deadline whose moment has come, now or some time ago. */
export interface Due<Data extends object = object> extends Deadline<Data> {
  readonly now: string;
}

/** What a policy wants done, as data: the runner does it. */
export type Reaction<Data extends object = object> =
  | { readonly kind: 'send'; readonly command: object }
  | { readonly kind: 'schedule'; readonly deadline: Deadline<Data> }
  | { readonly kind: 'cancel'; readonly key: string }
  | { readonly kind: 'wake'; readonly group: string };

/** Gives a command, under an id that follows from its cause: doing it again changes nothing. */
export const send = (command: object): Reaction<never> => ({ kind: 'send', command });
/** Sets a deadline, or moves the one under the same key. */
export const schedule = <Data extends object>(deadline: Deadline<Data>): Reaction<Data> => ({
  kind: 'schedule',
  deadline,
});
export const cancel = (key: string): Reaction<never> => ({ kind: 'cancel', key });
/** All deadlines of the group fall due now, because what they were reckoned from has changed. */
export const wake = (group: string): Reaction<never> => ({ kind: 'wake', group });

/** What the business does by itself: events and due dates become commands. Pure; each reaction may be asked for more than once. */
export interface Policy<E extends Event = Event, Data extends object = object, Facts = object> {
  /** A sentence: `recycle-idle-leads`. The name is the actor of its commands. */
  readonly name: string;
  readonly when: {
    readonly [Type in E['type']]?: (event: RecordedEvent<E, Type>, facts: Facts) => readonly Reaction<Data>[];
  };
  readonly due?: (deadline: Due<Data>, facts: Facts) => readonly Reaction<Data>[];
  /** What to do when a rule says no to one of its commands, by the command's name; nothing where it is not told. */
  readonly refused?: Readonly<Record<string, (refused: RefusedCommand) => readonly Reaction<Data>[]>>;
}

/** A command of a policy that a rule said no to. */
export interface RefusedCommand {
  readonly command: object;
  readonly code: string;
  /** What the rule tells of it, such as who was faster. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly now: string;
}

/** A policy whose types are its own business: what the runner works on. */
export interface AnyPolicy {
  readonly name: string;
  readonly when: Readonly<Record<string, ((event: never, facts: never) => readonly Reaction[]) | undefined>>;
  readonly due?: (deadline: never, facts: never) => readonly Reaction[];
  readonly refused?: Policy['refused'];
}
