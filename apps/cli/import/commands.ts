import { checkShape, InvalidCommand, NO_SUCH_FIELD } from '#event-store';
import type { CommandProblem, Commands } from '#import';
import { commandClasses, commandFrom } from '../../server/commands/command-catalogue.js';

/** The commands of this program, for imports to check their mappings and rows against. */
export const commands: Commands = {
  has: (name) => commandClasses.has(name),
  problemsOf,
};

function problemsOf(name: string, fields: object): readonly CommandProblem[] {
  try {
    checkShape(commandFrom(name, fields));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidCommand)) throw error;
    return error.problems.map((one) => ({ ...one, isUnknownField: one.problem === NO_SUCH_FIELD }));
  }
}
