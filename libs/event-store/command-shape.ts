import type { ValidationError } from 'class-validator';
import { getMetadataStorage, validateSync } from 'class-validator';
import { NOT_STORABLE, unstorablePlace } from '#kernel';
import type { Command } from './command.js';
import type { FieldProblem } from './failures.js';
import { InvalidCommand } from './failures.js';
import { isCertainlySound } from './field-rules.js';

/** What `checkShape` says of a field that the command does not have. */
export const NO_SUCH_FIELD = 'no such field';

const STRICTLY = { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true };

/** Checks what a command says by itself, once, for every caller. @throws InvalidCommand naming each field */
export function checkShape(command: Command): void {
  const errors = isCertainlySound(command) ? [] : validateSync(command, STRICTLY);
  if (errors.length > 0)
    throw new InvalidCommand(
      command.constructor.name,
      errors.flatMap((error) => problemsOf(error)),
    );
  const field = unstorablePlace(command);
  if (field !== undefined) throw new InvalidCommand(command.constructor.name, [{ field, problem: NOT_STORABLE }]);
}

function problemsOf({ property, constraints, children = [] }: ValidationError, path = ''): FieldProblem[] {
  const field = path === '' ? property : `${path}.${property}`;
  const own = Object.entries(constraints ?? {}).map(([rule, problem]) => ({
    field,
    problem: rule === 'whitelistValidation' ? NO_SUCH_FIELD : problem,
  }));
  return [...own, ...children.flatMap((child) => problemsOf(child, field))];
}

/** class-validator gathers the rules of a class anew for each object; once the class is loaded, they no longer change. */
function gatherOnce(storage: ReturnType<typeof getMetadataStorage>): void {
  const gather = storage.getTargetValidationMetadatas.bind(storage);
  const group = storage.groupByPropertyName.bind(storage);
  const gathered = new Map<unknown, ReturnType<typeof gather>>();
  const grouped = new WeakMap<ReturnType<typeof gather>, ReturnType<typeof group>>();
  storage.getTargetValidationMetadatas = (type, ...how) => remembered(gathered, type, () => gather(type, ...how));
  storage.groupByPropertyName = (rules) => remembered(grouped, rules, () => group(rules));
}
gatherOnce(getMetadataStorage());

interface Known<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function remembered<K, V>(known: Known<K, V>, key: K, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}
