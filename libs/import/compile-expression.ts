import { currencyDigits, isCurrency } from '#kernel';
import { DateReader } from './dates.js';
import type { Expression, ExpressionOf } from './expression.js';
import type { Identity, Key } from './identity.js';
import { keyText } from './identity.js';
import type { Mapping } from './mapping.js';
import { minorUnits, wholeNumber } from './numbers.js';
import { RowProblem } from './cannot-import.js';
import type { ColumnOf, Json, Read } from './row.js';
import { keyOf } from './row.js';

/** What expressions need to know besides the row. */
export interface Scope {
  readonly mapping: Mapping;
  readonly identity: Identity;
  readonly column: ColumnOf;
  /** Whether a record of this entity with this key is imported. */
  readonly knows: (entity: string, key: string) => boolean;
}

/** An expression as a function of the row. */
export function compile(expression: Expression, scope: Scope): Read<Json> {
  const read = compileBare(expression, scope);
  if (!('required' in expression) || !expression.required) return read;
  return (row) => {
    const value = read(row);
    if (value === undefined) throw new RowProblem(columnsOf(expression), 'is empty, and needed');
    return value;
  };
}

function compileBare(expression: Expression, scope: Scope): Read<Json> {
  switch (expression.kind) {
    case 'literal':
      return () => expression.value;
    case 'record':
      return compileRecord(expression, scope, 'leave it out');
    case 'list':
      return compileList(expression, scope);
    case 'first':
      return firstOf(expression.of.map((one) => compile(one, scope)));
    case 'text':
      return compileText(expression, scope);
    case 'template':
      return compileTemplate(expression, scope);
    case 'integer':
      return converted(expression.column, scope, (text) => wholeNumber(text, scope.mapping.numbers));
    case 'flag':
      return compileFlag(expression, scope);
    case 'date':
    case 'instant':
      return compileDate(expression, scope);
    case 'money':
      return compileMoney(expression, scope);
    case 'id':
    case 'ref':
      return compileId(expression, scope);
    case 'split': {
      const read = scope.column(expression.column);
      return (row) =>
        read(row)
          ?.split(expression.by)
          .map((part) => part.trim())
          .filter((part) => part !== '');
    }
  }
}

/** The id that an expression of kind `id` or `ref` makes. */
export function compileId(expression: ExpressionOf<'id' | 'ref'>, scope: Scope): Read<string> {
  const { entity, of, is } = expression;
  const readKey: Read<Key> =
    is !== undefined ? () => [is] : of === undefined ? ({ key }) => key : keyOf(of, scope.column);
  return (row) => {
    const key = readKey(row);
    if (key === undefined) return undefined;
    if (expression.kind === 'ref' && !scope.knows(entity, keyText(key))) {
      if (expression.unknown === 'absent') return undefined;
      throw new RowProblem(of?.join(', '), `names an unknown ${entity} '${key.join(', ')}'`);
    }
    return scope.identity.aggregate(entity, key);
  };
}

/** A record without its unknown fields; in a list, one with an unknown field is left out as a whole. */
function compileRecord(
  { fields }: ExpressionOf<'record'>,
  scope: Scope,
  unknown: 'leave it out' | 'leave all out',
): Read<Json> {
  const reads = Object.entries(fields).map(([name, field]) => [name, compile(field, scope)] as const);
  return (row) => {
    const record: Record<string, Json> = {};
    for (const [name, read] of reads) {
      const value = read(row);
      if (value === undefined && unknown === 'leave all out') return undefined;
      if (value !== undefined) record[name] = value;
    }
    return record;
  };
}

function compileList({ items }: ExpressionOf<'list'>, scope: Scope): Read<Json> {
  const reads = items.map((item) =>
    item.kind === 'record' ? compileRecord(item, scope, 'leave all out') : compile(item, scope),
  );
  return (row) => reads.map((read) => read(row)).filter((item) => item !== undefined);
}

const firstOf =
  (reads: readonly Read<Json>[]): Read<Json> =>
  (row) => {
    for (const read of reads) {
      const value = read(row);
      if (value !== undefined) return value;
    }
    return undefined;
  };

function compileText({ column, values }: ExpressionOf<'text'>, scope: Scope): Read<string> {
  const read = scope.column(column);
  if (values === undefined) return read;
  const table = new Map(Object.entries(values));
  return (row) => {
    const text = read(row);
    if (text === undefined) return undefined;
    const value = table.get(text);
    if (value === undefined) throw new RowProblem(column, `'${text}' is none of ${[...table.keys()].join(', ')}`);
    return value;
  };
}

function compileTemplate({ template }: ExpressionOf<'template'>, { column }: Scope): Read<string> {
  const parts = template
    .split(/\{([^{}]+)\}/)
    .map((part, index): Read<string> => (index % 2 === 0 ? () => part : column(part)));
  return (row) => {
    const texts = parts.map((read) => read(row));
    return texts.includes(undefined) ? undefined : texts.join('');
  };
}

function compileFlag({ column }: ExpressionOf<'flag'>, scope: Scope): Read<boolean> {
  const { yes, no } = scope.mapping.flags;
  return converted(column, scope, (text) =>
    yes.includes(text) ? true : no.includes(text) ? false : `expected one of ${[...yes, ...no].join(', ')}`,
  );
}

function compileDate(expression: ExpressionOf<'date' | 'instant'>, scope: Scope): Read<string> {
  const { mapping } = scope;
  const formats = expression.formats ?? mapping.dates;
  const zone = expression.kind === 'instant' ? (expression.zone ?? mapping.zone) : mapping.zone;
  const dates = new DateReader(formats, zone);
  const read = scope.column(expression.column);
  return (row) => {
    const text = read(row);
    if (text === undefined) return undefined;
    const moment = expression.kind === 'date' ? dates.day(text) : dates.instant(text);
    if (moment === undefined)
      throw new RowProblem(expression.column, `'${text}' is no date; expected ${formats.join(' or ')}`);
    return moment;
  };
}

function compileMoney({ column, unit, times, currency }: ExpressionOf<'money'>, scope: Scope): Read<Json> {
  const { numbers, currency: usual } = scope.mapping;
  const readCurrency: Read<string> =
    typeof currency === 'object' ? scope.column(currency.$text) : () => currency ?? usual;
  const read = scope.column(column);
  return (row) => {
    const text = read(row);
    if (text === undefined) return undefined;
    const code = readCurrency(row);
    if (code === undefined || !isCurrency(code))
      throw new RowProblem(column, `needs a currency code, not '${code ?? ''}'`);
    const amount = minorUnits(text, numbers, unit === 'minor' ? 0 : currencyDigits(code), times);
    if (typeof amount === 'string') throw new RowProblem(column, `'${text}' is no amount of ${code}; ${amount}`);
    return { amount, currency: code };
  };
}

/** Reads a column by a function that answers text when it does not understand. */
function converted<T extends number | boolean>(
  column: string,
  scope: Scope,
  convert: (text: string) => T | string,
): Read<T> {
  const read = scope.column(column);
  return (row) => {
    const text = read(row);
    if (text === undefined) return undefined;
    const value = convert(text);
    if (typeof value === 'string') throw new RowProblem(column, `'${text}': ${value}`);
    return value;
  };
}

const columnsOf = (expression: Expression): string | undefined =>
  'column' in expression
    ? expression.column
    : 'of' in expression && expression.kind === 'ref'
      ? expression.of?.join(', ')
      : undefined;
