import type { Commands } from './commands.js';
import type { Mapping, MappingProblem, Records } from './mapping.js';
import { fieldProblems } from './mapping-fields.js';
import { expressionsOf } from './walk.js';

/** What the schema alone cannot see: names that nothing bears, steps that are told apart by nothing. */
export function problemsOf(mapping: Mapping, commands: Commands | undefined): readonly MappingProblem[] {
  return mapping.records.flatMap((records, index) => {
    const earlier = new Set(mapping.records.slice(0, index + 1).map(({ entity }) => entity));
    const isNamedTwice = mapping.records.findIndex(({ name }) => name === records.name) < index;
    return [
      ...(isNamedTwice ? [{ path: ['name'], message: `two groups of records are called '${records.name}'` }] : []),
      ...sourceProblems(mapping, records),
      ...(commands === undefined ? [] : commandProblems(records, commands)),
      ...stepProblems(records),
      ...expressionProblems(mapping, records, earlier),
    ].map(({ path, message }) => ({ path: ['records', index, ...path], message }));
  });
}

function sourceProblems(mapping: Mapping, { from, key, distinct, is, join }: Records): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const needs = (path: string[], name: string) => {
    if (!Object.hasOwn(mapping.files, name))
      problems.push({ path, message: `expected one of the files ${Object.keys(mapping.files).join(', ')}` });
  };
  if ([key, distinct, is].filter((one) => one !== undefined).length !== 1)
    problems.push({ path: [], message: "expected exactly one of 'key', 'distinct' and 'is'" });
  if ((from === undefined) !== (is !== undefined))
    problems.push({ path: ['from'], message: "expected a file for 'key' and 'distinct', and none for 'is'" });
  if (from !== undefined) needs(['from'], from);
  for (const [alias, { file, on, by }] of Object.entries(join)) {
    needs(['join', alias, 'file'], file);
    if (by !== undefined && by.length !== on.length)
      problems.push({ path: ['join', alias, 'by'], message: "expected as many columns as in 'on'" });
  }
  return problems;
}

const commandProblems = ({ commands }: Records, known: Commands): MappingProblem[] =>
  commands.flatMap((command, index) => {
    const problems = known.has(command.send)
      ? fieldProblems(command, known)
      : [{ path: ['send'], message: `there is no command ${command.send}` }];
    return problems.map(({ path, message }) => ({ path: ['commands', index, ...path], message }));
  });

function stepProblems({ commands }: Records): MappingProblem[] {
  return commands.flatMap(({ send, step = send }, index) => {
    const isShared = commands.some((other, at) => at !== index && (other.step ?? other.send) === step);
    const isMeant = commands.every(
      (other) => (other.step ?? other.send) !== step || (other.step !== undefined && other.when !== undefined),
    );
    const message = `several commands are the step '${step}'; give each a 'step' of its own, or the same one and a 'when' where they exclude each other`;
    return isShared && !isMeant ? [{ path: ['commands', index], message }] : [];
  });
}

function expressionProblems(mapping: Mapping, records: Records, earlier: ReadonlySet<string>): MappingProblem[] {
  return [...expressionsOf(records)].flatMap(({ expression, path }) => {
    if (expression.kind === 'ref' && !earlier.has(expression.entity))
      return [{ path, message: `expected an entity of these or earlier records: ${[...earlier].join(', ')}` }];
    if (expression.kind === 'money' && expression.currency === undefined && mapping.currency === undefined)
      return [{ path, message: "expected a 'currency' here or for the whole mapping" }];
    return [];
  });
}
