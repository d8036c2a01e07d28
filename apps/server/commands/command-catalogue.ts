import { aggregates } from '#crm';
import type { Command } from '#event-store';
import { commandOf, InternalCommand, InvalidCommand } from '#event-store';
import { problemOfBody } from './plain-fields.js';

const isInternal = ({ prototype }: new () => Command) => prototype instanceof InternalCommand;

/** Every command that may be sent from outside, by name. */
export const commandClasses: ReadonlyMap<string, new () => Command> = new Map(
  aggregates.flatMap(({ commands }) => Object.entries(commands)).filter(([, command]) => !isInternal(command)),
);

/** There is no command of this name. */
export class UnknownCommand extends Error {
  override readonly name = 'UnknownCommand';

  constructor(readonly command: string) {
    super(`there is no command ${command}; the API page lists them all`);
  }
}

/** Makes the command that a name and a JSON body mean. @throws UnknownCommand, InvalidCommand */
export function commandFrom(name: string, body: unknown): Command {
  const commandClass = commandClasses.get(name);
  if (commandClass === undefined) throw new UnknownCommand(name);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidCommand(name, [
      { field: '', problem: 'the body must be a JSON object with the fields of the command' },
    ]);
  const problem = problemOfBody(body, commandClass);
  if (problem !== undefined) throw new InvalidCommand(name, [problem]);
  return commandOf(commandClass, body);
}
