/** Why a value does not fit its field: where it lies and what was expected there. */
export interface Problem {
  readonly path: string;
  readonly expected: string;
}

/** What an event field may hold. `T` is the TypeScript type of its values. */
export interface Field<T> {
  /** Carries the type for the compiler; never set. */
  readonly holds?: T;
  /** The word the catalogue prints. */
  readonly name: string;
  /** The first misfit, or undefined when the value fits. */
  readonly problem: (value: unknown) => Problem | undefined;
  /** What stands in the place of a value whose key was destroyed; only fields of text have it and can be sealed. */
  readonly erased?: unknown;
  readonly isOptional?: boolean;
  /** Set on sealed fields: the kind of data subject and the field of the same event that holds its id. */
  readonly subject?: Subject;
  /** The fields of a record, so that the codec finds what is sealed inside. */
  readonly fields?: Shape;
  /** The kind of a list's entries. */
  readonly item?: Field<unknown>;
}

/** `{ kind: 'lead', idField: 'leadId' }`: the person or company a sealed value is about. */
export interface Subject {
  readonly kind: string;
  readonly idField: string;
}

/** A field that may be absent: unknown stays unknown. */
export interface OptionalField<T> extends Field<T> {
  readonly isOptional: true;
}

export type Shape = Readonly<Record<string, Field<unknown>>>;
type OptionalKeys<S extends Shape> = { [K in keyof S]: S[K] extends OptionalField<unknown> ? K : never }[keyof S];

/** The TypeScript type of the data that a shape describes. */
export type DataOfShape<S extends Shape> = {
  readonly [K in Exclude<keyof S, OptionalKeys<S>>]: S[K] extends Field<infer T> ? T : never;
} & {
  readonly [K in OptionalKeys<S>]?: S[K] extends Field<infer T> ? T : never;
};

/** An amount in integer minor units (cents, fen) of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** The name shown where a person was erased. */
export const ERASED = '[erased]';

const is =
  (name: string, fits: (value: unknown) => boolean) =>
  (value: unknown): Problem | undefined =>
    fits(value) ? undefined : { path: '', expected: name };

const leaf = <T>(name: string, fits: (value: unknown) => boolean): Field<T> => ({ name, problem: is(name, fits) });
const matches = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

/** Any text, also an empty one. */
export const text: Field<string> = { ...leaf<string>('text', (value) => typeof value === 'string'), erased: ERASED };
/** The id of an aggregate or of a part of one. */
export const id = leaf<string>('id', matches(/^\S{1,200}$/));
/** A stable upper- or lower-case word of the domain, such as a reason code. */
export const code = leaf<string>('code', matches(/^\S{1,100}$/));
/** A whole number that JSON and JavaScript carry exactly. */
export const integer = leaf<number>('integer', Number.isSafeInteger);
/** A share or a rate, never money. */
export const ratio = leaf<number>('ratio', (value) => typeof value === 'number' && Number.isFinite(value));
/** Yes or no. */
export const flag = leaf<boolean>('flag', (value) => typeof value === 'boolean');
/** A moment in UTC, ISO 8601 with milliseconds: `2026-11-22T02:38:51.000Z`. */
export const instant = leaf<string>('instant', matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));
/** A calendar day: `2026-11-22`. */
export const date = leaf<string>('date', matches(/^\d{4}-\d\d-\d\d$/));
/** An ISO 4217 currency code. */
export const currency = leaf<string>('currency', matches(/^[A-Z]{3}$/));

/** One of a closed set of words. */
export const oneOf = <const Words extends readonly string[]>(...words: Words): Field<Words[number]> =>
  leaf<Words[number]>(words.join(' | '), (value) => typeof value === 'string' && words.includes(value));

/** Any number of values of one kind, in order. */
export const list = <T>(item: Field<T>): Field<readonly T[]> => ({
  name: `list of ${item.name}`,
  item,
  problem: (value) => {
    if (!Array.isArray(value)) return { path: '', expected: `list of ${item.name}` };
    for (const [index, entry] of value.entries()) {
      const problem = item.problem(entry);
      if (problem) return { path: join(String(index), problem.path), expected: problem.expected };
    }
    return undefined;
  },
});

/** A group of named fields; fields it does not name are refused. */
export const record = <const S extends Shape>(shape: S): Field<DataOfShape<S>> => ({
  name: `{ ${Object.entries(shape)
    .map(([key, field]) => `${key}${field.isOptional ? '?' : ''}: ${field.name}`)
    .join(', ')} }`,
  problem: (value) => problemOf(shape, value),
  erased: Object.fromEntries(
    Object.entries(shape).flatMap(([key, field]) => (field.erased === undefined ? [] : [[key, field.erased]])),
  ),
  fields: shape,
});

/** A field that may be absent. Nothing unknown is ever invented. */
export const optional = <T>(field: Field<T>): OptionalField<T> => ({ ...field, isOptional: true });

/** Personal data (text, or a record of texts): stored under the key of its subject, so that destroying the key erases it. */
export const sealed = <F extends Field<unknown>>(kind: string, idField: string, field: F): F => ({
  ...field,
  name: `sealed ${field.name}`,
  subject: { kind, idField },
});

/** An amount of money in integer minor units. */
export const money: Field<Money> = { ...record({ amount: integer, currency }), name: 'money' };

/** Checks a group of fields: the first one missing, wrong or unknown. */
export function problemOf(shape: Shape, value: unknown): Problem | undefined {
  if (!isRecord(value)) return { path: '', expected: 'record' };
  for (const key in shape) {
    const field = shape[key];
    if (field === undefined) continue;
    const entry = Object.hasOwn(value, key) ? value[key] : undefined;
    if (entry === undefined) {
      if (field.isOptional) continue;
      return { path: key, expected: field.name };
    }
    const problem = field.problem(entry);
    if (problem) return { path: join(key, problem.path), expected: problem.expected };
  }
  for (const key in value) if (!Object.hasOwn(shape, key)) return { path: key, expected: 'no such field' };
  return undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const join = (head: string, tail: string) => (tail === '' ? head : `${head}.${tail}`);
