import type { CommandProblem, Commands } from './commands.js';
import type { Expression, ExpressionOf } from './expression.js';
import type { CommandOf, MappingProblem } from './mapping.js';
import type { Json } from './row.js';

type Given = Readonly<Record<string, Expression>>;
/** A table of known values, and where in the mapping it stands. */
interface Table {
  readonly of: ExpressionOf<'text'>;
  readonly path: readonly string[];
}

/** Fields that the command does not have, fields that it needs and the mapping does not give, constants it cannot take. */
export function fieldProblems(command: CommandOf, commands: Commands): readonly MappingProblem[] {
  const { send } = command;
  const given = expressionsOf(command);
  const problems = commands.problemsOf(send, sampleOf(given)).map((one) => told(one, command, given));
  const impossible = Object.entries(given).flatMap(([field, one]) =>
    tablesIn(one, [field]).flatMap(({ of, path }) =>
      Object.entries(of.values ?? {}).flatMap(([from, value]) =>
        commands
          .problemsOf(
            send,
            sampleOf(given, (table) => (table === of ? value : undefined)),
          )
          .filter(({ field: wrong, isUnknownField }) => wrong === path.join('.') && !isUnknownField)
          .map(({ problem }) => ({ path: [...placeOf(path), 'values', from], message: problem })),
      ),
    ),
  );
  return [...problems, ...impossible].filter((one) => one !== undefined);
}

const expressionsOf = ({ to, fields, reason, occurredAt }: CommandOf): Given => ({
  [to.field]: { kind: 'id', entity: to.field },
  ...fields,
  ...(occurredAt && { occurredAt }),
  ...(reason && {
    reason: { kind: 'record', fields: { code: reason.code, ...(reason.text && { text: reason.text }) } },
  }),
});

/** What is said of a field, where it concerns the mapping and not only the rows to come. */
function told(
  { field, problem, isUnknownField }: CommandProblem,
  { send, to }: CommandOf,
  given: Given,
): MappingProblem | undefined {
  const path = field.split('.');
  const place = field === to.field ? ['to'] : placeOf(path);
  if (isUnknownField) return { path: place, message: `${send} has no field ${field}` };
  const written = writtenAt({ kind: 'record', fields: given }, path);
  if (written === 'nothing') return { path: place, message: `${send} needs ${field}: ${problem}` };
  return written === 'a constant' ? { path: place, message: problem } : undefined;
}

/** The reason and the moment stand beside the fields of a command in the mapping. */
const placeOf = (path: readonly string[]): readonly string[] =>
  path[0] === 'reason' || path[0] === 'occurredAt' ? path : ['fields', ...path];

/** What the mapping writes for a part of a field; a part of what is no record and no list belongs to the whole. */
function writtenAt(
  expression: Expression | undefined,
  path: readonly string[],
): 'nothing' | 'a constant' | 'any value' {
  if (expression === undefined) return 'nothing';
  if (expression.kind === 'literal') return 'a constant';
  const [next, ...further] = path;
  if (next === undefined) return 'any value';
  if (expression.kind === 'record') return writtenAt(expression.fields[next], further);
  return expression.kind === 'list' ? writtenAt(expression.items[Number(next)], further) : 'any value';
}

function tablesIn(expression: Expression, path: readonly string[]): readonly Table[] {
  if (expression.kind === 'text' && expression.values !== undefined) return [{ of: expression, path }];
  if (expression.kind === 'record')
    return Object.entries(expression.fields).flatMap(([name, one]) => tablesIn(one, [...path, name]));
  return expression.kind === 'list'
    ? expression.items.flatMap((one, index) => tablesIn(one, [...path, String(index)]))
    : [];
}

const ID = '00000000-0000-4000-8000-000000000000';
const INSTANT = '2000-01-01T00:00:00.000Z';
type Pick = (table: ExpressionOf<'text'>) => string | undefined;

/** Fields such as the expressions may give; `pick` says what a table of known values gives. */
const sampleOf = (given: Given, pick: Pick = () => undefined): Readonly<Record<string, Json>> =>
  Object.fromEntries(Object.entries(given).map(([name, one]) => [name, valueOf(one, pick)]));

function valueOf(expression: Expression, pick: Pick): Json {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'record':
      return sampleOf(expression.fields, pick);
    case 'list':
      return expression.items.map((one) => valueOf(one, pick));
    case 'first':
      return expression.of.map((one) => valueOf(one, pick))[0] ?? '';
    case 'text':
      return pick(expression) ?? Object.values(expression.values ?? {})[0] ?? 'text';
    case 'template':
      return 'text';
    case 'integer':
      return 1;
    case 'flag':
      return true;
    case 'date':
      return INSTANT.slice(0, 10);
    case 'instant':
      return INSTANT;
    case 'money':
      return { amount: 1, currency: 'CNY' };
    case 'id':
    case 'ref':
      return ID;
    case 'split':
      return ['text'];
  }
}
