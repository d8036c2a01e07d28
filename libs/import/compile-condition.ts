import type { Condition } from './mapping.js';
import type { ColumnOf, Read, Row } from './row.js';

/** A condition as a question to a row. */
export function compileCondition(condition: Condition, column: ColumnOf): (row: Row) => boolean {
  const tests = Object.entries(condition).map(([name, test]) => compileTest(column(name), test, column));
  return (row) => tests.every((test) => test(row));
}

function compileTest(read: Read<string>, test: Condition[string], column: ColumnOf): (row: Row) => boolean {
  if (Array.isArray(test)) return isOneOf(read, test);
  const { present, not = [], differsFrom } = test;
  const isExcluded = isOneOf(read, not);
  const other = differsFrom === undefined ? undefined : column(differsFrom);
  return (row) =>
    (present === undefined || (read(row) !== undefined) === present) &&
    !isExcluded(row) &&
    (other === undefined || read(row) !== other(row));
}

const isOneOf = (read: Read<string>, values: readonly string[]) => {
  const wanted = new Set<string | undefined>(values);
  return (row: Row) => wanted.has(read(row));
};
