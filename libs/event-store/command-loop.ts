import type { AnyCommand, Event } from '#kernel';
import type { Commands, Definition } from './aggregate.js';
import type { Command, CommandResult } from './command.js';

/** Check, fold, decide, append: the one loop that every command runs. */
export class CommandLoop {
  run<State, E extends Event, C extends Commands>(
    definition: Definition<State, E, C, object>,
    command: AnyCommand<C> & Command,
  ): Promise<CommandResult> {
    return Promise.reject(new Error(`${definition.decider.name}: ${command.constructor.name}`));
  }
}
