import { z } from 'zod';
import { isCurrency } from '#kernel';
import { zone } from './zone.js';

/** A column of the file, or `alias.column` of a joined one; `@value` in records of distinct values. */
export const column = z.string().min(1);
/** One column, or several that count together. */
export const columns = z
  .union([column.transform((name) => [name]), z.array(column).min(1)], {
    error: 'expected a column or a list of columns',
  })
  .transform((names): readonly string[] => names);

const text = z.string({ error: 'expected text; put a number or a yes/no in quotes' });
const formats = z.array(z.string()).min(1).optional();
const required = z.boolean().default(false);
export const currencyCode = z.string().refine(isCurrency, 'expected an ISO 4217 code such as CNY');
/** The key of an external thing: the record's own unless `of` columns or a constant are named. */
const key = { of: columns.optional(), is: z.string().min(1).optional() };

/** Where a value of a command field comes from. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Expression>> }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'first'; readonly of: readonly Expression[] }
  | z.output<(typeof forms)[keyof typeof forms]>;
export type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

const forms = {
  /** `{ $text: column }`, with a table when only known values may pass. */
  $text: z
    .strictObject({ $text: column, values: z.record(z.string(), text).optional(), required })
    .transform(({ $text, ...rest }) => ({ kind: 'text' as const, column: $text, ...rest })),
  /** `{ $template: 'Row {a} of {b}' }`; empty when one of its columns is. */
  $template: z
    .strictObject({ $template: z.string(), required })
    .transform(({ $template, ...rest }) => ({ kind: 'template' as const, template: $template, ...rest })),
  $integer: z
    .strictObject({ $integer: column, required })
    .transform(({ $integer, ...rest }) => ({ kind: 'integer' as const, column: $integer, ...rest })),
  $flag: z
    .strictObject({ $flag: column, required })
    .transform(({ $flag, ...rest }) => ({ kind: 'flag' as const, column: $flag, ...rest })),
  /** A calendar day as it is written. */
  $date: z
    .strictObject({ $date: column, formats, required })
    .transform(({ $date, ...rest }) => ({ kind: 'date' as const, column: $date, ...rest })),
  /** A moment; a day without a time is its first moment in the zone. */
  $instant: z
    .strictObject({ $instant: column, formats, zone: zone.optional(), required })
    .transform(({ $instant, ...rest }) => ({ kind: 'instant' as const, column: $instant, ...rest })),
  /** An amount in major units (`12.50`), or in minor ones; `times: 1000000` for a column told in millions. */
  $money: z
    .strictObject({
      $money: column,
      currency: z.union([currencyCode, z.strictObject({ $text: column })]).optional(),
      unit: z.enum(['major', 'minor']).default('major'),
      times: z.int().positive().default(1),
      required,
    })
    .transform(({ $money, ...rest }) => ({ kind: 'money' as const, column: $money, ...rest })),
  /** The id of something this row brings about. */
  $id: z
    .strictObject({ $id: z.string().min(1), ...key })
    .transform(({ $id, ...rest }) => ({ kind: 'id' as const, entity: $id, ...rest })),
  /** The id of another record; a row that names an unknown one is rejected. */
  $ref: z
    .strictObject({
      $ref: z.string().min(1),
      ...key,
      unknown: z.enum(['reject', 'absent']).default('reject'),
      required,
    })
    .transform(({ $ref, ...rest }) => ({ kind: 'ref' as const, entity: $ref, ...rest })),
  /** Several texts in one column. */
  $split: z
    .strictObject({ $split: column, by: z.string().min(1) })
    .transform(({ $split, ...rest }) => ({ kind: 'split' as const, column: $split, ...rest })),
};

/** A literal, a record or list of values, or `{ $… }`: taken from the row. */
export const expression: z.ZodType<Expression> = z.unknown().transform((value, context): Expression => {
  const parse = <T>(schema: z.ZodType<T>, input: unknown, path: string): T | typeof z.NEVER => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues)
      context.issues.push({
        code: 'custom',
        message: issue.message,
        input,
        path: path ? [path, ...issue.path] : issue.path,
      });
    return z.NEVER;
  };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'literal', value };
  if (Array.isArray(value)) return { kind: 'list', items: parse(z.array(expression), value, '') };
  if (typeof value !== 'object' || value === null)
    return parse(z.never({ error: 'expected a value, a list, a record or { $… }' }), value, '');
  const form = Object.keys(value).find((name) => name.startsWith('$'));
  if (form === undefined) return { kind: 'record', fields: parse(z.record(z.string(), expression), value, '') };
  if (form === '$first') return parse(first, value, '');
  if (isForm(form)) return parse<Expression>(forms[form], value, '');
  return parse(z.never({ error: `expected one of $first, ${Object.keys(forms).join(', ')}` }), value, form);
});

/** `{ $first: [a, b] }`: the first that is not empty. */
const first = z
  .strictObject({ $first: z.array(expression).min(1) })
  .transform(({ $first }) => ({ kind: 'first' as const, of: $first }));

const isForm = (name: string): name is keyof typeof forms => Object.hasOwn(forms, name);
