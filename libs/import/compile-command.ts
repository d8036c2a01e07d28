import { RowProblem } from './cannot-import.js';
import { compileCondition } from './compile-condition.js';
import type { Scope } from './compile-expression.js';
import { compile, compileId } from './compile-expression.js';
import type { Expression } from './expression.js';
import type { CommandOf, Records } from './mapping.js';
import type { CommandIssue, PreparedCommand } from './port.js';
import type { Json, Read, Row } from './row.js';

/** A command of the mapping as a function of the row; undefined when its condition does not hold. */
export function compileCommand(
  { send: name, step = name, when = {}, to, fields, ...command }: CommandOf,
  { entity, occurredAt: usually }: Records,
  scope: Scope,
): (row: Row) => PreparedCommand | undefined {
  const isWanted = compileCondition(when, scope.column);
  const readTarget = compileId('id' in to ? to.id : { kind: 'id', entity }, scope);
  const columns = 'id' in to ? to.id.of?.join(', ') : undefined;
  const reads = Object.entries(fields).map(([field, expression]) => [field, compile(expression, scope)] as const);
  const occurredAt = compileText(command.occurredAt ?? usually, scope);
  const reason = compileReason(command.reason, scope);
  return (row) => {
    if (!isWanted(row)) return undefined;
    const target = readTarget(row);
    if (target === undefined) throw new RowProblem(columns ?? to.field, 'is empty, and needed');
    const values: Record<string, Json> = { [to.field]: target };
    for (const [field, read] of reads) {
      const value = read(row);
      if (value !== undefined) values[field] = value;
    }
    const issue: CommandIssue = {
      commandId: scope.identity.command(entity, row.key, step),
      occurredAt: occurredAt(row),
      reason: reason(row),
    };
    return { name, fields: values, issue, target };
  };
}

function compileReason(reason: CommandOf['reason'], scope: Scope): (row: Row) => CommandIssue['reason'] {
  if (reason === undefined) return () => undefined;
  const readCode = compileText(reason.code, scope);
  const readText = compileText(reason.text, scope);
  return (row) => {
    const code = readCode(row);
    return code === undefined ? undefined : { code, text: readText(row) };
  };
}

function compileText(expression: Expression | undefined, scope: Scope): Read<string> {
  if (expression === undefined) return () => undefined;
  const read = compile(expression, scope);
  return (row) => {
    const value = read(row);
    return typeof value === 'string' ? value : undefined;
  };
}
