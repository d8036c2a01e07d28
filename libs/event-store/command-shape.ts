import type { ValidationError } from 'class-validator';
import { validate } from 'class-validator';
import type { Command } from './command.js';
import type { FieldProblem } from './failures.js';
import { InvalidCommand } from './failures.js';

/** Checks what a command says by itself, once, for every caller. @throws InvalidCommand naming each field */
export async function checkShape(command: Command): Promise<void> {
  const errors = await validate(command, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  if (errors.length > 0)
    throw new InvalidCommand(
      command.constructor.name,
      errors.flatMap((error) => problemsOf(error)),
    );
}

function problemsOf({ property, constraints, children = [] }: ValidationError, path = ''): FieldProblem[] {
  const field = path === '' ? property : `${path}.${property}`;
  const own = Object.entries(constraints ?? {}).map(([rule, problem]) => ({
    field,
    problem: rule === 'whitelistValidation' ? 'no such field' : problem,
  }));
  return [...own, ...children.flatMap((child) => problemsOf(child, field))];
}
