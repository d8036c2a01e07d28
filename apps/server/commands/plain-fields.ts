import type { Command, FieldProblem } from '#event-store';
import { NO_SUCH_FIELD } from '#event-store';

/** No command is nested deeper; whatever reads it may then recurse. */
const DEEPEST = 32;

/**
 * What of a body can be no command, whatever it is called: parts within parts without end, and names that every object
 * has and which therefore pass for known ones.
 */
export const problemOfBody = (body: object, command: new () => Command): FieldProblem | undefined =>
  problemIn(body, command.prototype, '', 1);

function problemIn(part: object, inherited: unknown, path: string, depth: number): FieldProblem | undefined {
  const fields: readonly (readonly [string, unknown])[] = Object.entries(part);
  for (const [name, value] of fields) {
    const field = path === '' ? name : `${path}.${name}`;
    if (isObject(inherited) && name in inherited) return { field, problem: NO_SUCH_FIELD };
    if (!isObject(value)) continue;
    if (depth === DEEPEST) return { field: topOf(path), problem: `is nested deeper than ${DEEPEST} levels` };
    const found = problemIn(value, Object.prototype, field, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const topOf = (path: string): string => path.split('.')[0] ?? path;
