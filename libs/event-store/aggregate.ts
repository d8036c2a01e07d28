import type { Provider, Type } from '@nestjs/common';
import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import type { AnyCommand, AnyDecider, Decider, Event } from '#kernel';
import type { Command, CommandResult } from './command.js';
import { CommandLoop } from './command-loop.js';
import { type Commands, type Definition, type LookUp, noFacts } from './definition.js';
import type { Reservations } from './reservations.js';

/** What the application knows of an aggregate: enough for the HTTP door, the catalogue and the bus. */
export interface Aggregate {
  readonly decider: AnyDecider;
  readonly commands: Commands;
  /** One Nest handler per command class, all running the same loop. */
  readonly handlers: readonly Provider[];
}

/** An aggregate that asks for no facts. */
export function aggregate<State, E extends Event, C extends Commands>(
  decider: Decider<State, E, C>,
  commands: C,
): Aggregate;
/** An aggregate whose decisions need facts, looked up from folded streams, and whose events may need reservations. */
export function aggregate<State, E extends Event, C extends Commands, Facts>(
  decider: Decider<State, E, C, Facts>,
  commands: C,
  lookUp: LookUp<State, C, Facts>,
  reservations?: Reservations<State, E, Facts>,
): Aggregate;
export function aggregate<State, E extends Event, C extends Commands>(
  decider: Decider<State, E, C>,
  commands: C,
  lookUp: LookUp<State, C, object> = noFacts,
  reservations?: Reservations<State, E, object>,
): Aggregate {
  const definition = { decider, lookUp, reservations };
  return { decider, commands, handlers: Object.values(commands).map((command) => handlerOf(definition, command)) };
}

function handlerOf<State, E extends Event, C extends Commands>(
  definition: Definition<State, E, C, object>,
  commandClass: new () => Command,
): Type<ICommandHandler> {
  class Handler implements ICommandHandler<Command> {
    constructor(private readonly loop: CommandLoop) {}

    execute(command: AnyCommand<C> & Command): Promise<CommandResult> {
      return this.loop.run(definition, command);
    }
  }
  Inject(CommandLoop)(Handler, undefined, 0);
  CommandHandler(commandClass)(Handler);
  return Object.defineProperty(Handler, 'name', { value: `${commandClass.name}Handler` });
}
