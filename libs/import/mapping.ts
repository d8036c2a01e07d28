import { z } from 'zod';
import { column, columns, currencyCode, expression } from './expression.js';
import { dateFormat } from './dates.js';
import { zone } from './zone.js';

const value = z.string({ error: 'expected text; put a number or a yes/no in quotes' });
const values = z.union([value.transform((one) => [one]), z.array(value).min(1)], {
  error: 'expected a value or a list of values, in quotes where YAML would read a number or a yes/no',
});
const name = z.string().regex(/^\S+$/, 'expected a word without white space');

const test = z
  .strictObject({
    present: z.boolean().optional(),
    not: values.optional(),
    differsFrom: column.optional(),
  })
  .refine((one) => Object.keys(one).length > 0, 'expected present, not or differsFrom');

/** What columns must hold; all must fit. An empty column fits only `present: false`, `not` and `differsFrom`. */
export const condition = z.record(
  column,
  z.union([values, test], {
    error: 'expected a value, a list of values, or some of { present: …, not: …, differsFrom: column }',
  }),
);
export type Condition = z.output<typeof condition>;

const file = z.strictObject({
  file: z.string().min(1),
  /** The import goes on without it; records read from it and joins to it are empty. */
  optional: z.boolean().default(false),
  delimiter: z.string().length(1).default(','),
  encoding: z.string().default('utf-8').refine(isEncoding, 'expected an encoding such as utf-8 or gbk'),
  /** The column names of a file that has no header row. */
  header: z.array(column).min(1).optional(),
  columns: z
    .record(
      column,
      z.strictObject({
        /** Values that mean "nothing stated" in this column, beside those of the whole mapping. */
        empty: z.array(value).default([]),
        /** Wrong spelling → right spelling, counted in the report. */
        spelling: z.record(z.string(), value).default({}),
      }),
    )
    .default({}),
});

const join = z.strictObject({
  file: name,
  on: columns,
  /** The columns of the other file, when they are called otherwise there. */
  by: columns.optional(),
  missing: z.enum(['reject', 'absent']).default('reject'),
});

const target = z.union([name.transform((field) => ({ field })), z.record(name, expression).transform(onlyTarget)], {
  error: 'expected the field that holds the id of the record, or { field: { $id: … } } or { field: { $ref: … } }',
});

const moment = expression.refine(
  ({ kind }) => kind === 'instant' || kind === 'first' || kind === 'literal',
  'expected { $instant: column }',
);

const command = z.strictObject({
  send: name,
  /** Tells the commands of one row apart for ever; commands that exclude each other may share one. */
  step: name.optional(),
  when: condition.optional(),
  /** Whom the command is for; commands for the same one are sent one after another. */
  to: target,
  fields: z.record(name, expression).default({}),
  occurredAt: moment.optional(),
  reason: z.strictObject({ code: expression, text: expression.optional() }).optional(),
});

const records = z.strictObject({
  name: z.string().min(1),
  /** What a row is, and with the key its identity: rename it and everything is imported anew. */
  entity: name,
  from: name.optional(),
  /** The columns of the external key: one record per row. */
  key: columns.optional(),
  /** One record per distinct value of these columns, called `@value`. */
  distinct: columns.optional(),
  /** One record that no file tells of, under this key. */
  is: z.string().min(1).optional(),
  join: z.record(name, join).default({}),
  where: condition.optional(),
  reject: z.array(z.strictObject({ when: condition, because: z.string().min(1) })).default([]),
  occurredAt: moment.optional(),
  commands: z.array(command).min(1),
});

/** How the files of one source become commands. */
export const mapping = z.strictObject({
  source: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'expected lower-case letters, digits, dots and dashes'),
  description: z.string().optional(),
  zone: zone.default('UTC'),
  dates: z.array(dateFormat).min(1).default(['yyyy-MM-dd']),
  currency: currencyCode.optional(),
  /** Fields that hold nothing but this are empty: unknown, and left out of the command. */
  empty: z.array(value).default(['']),
  numbers: z
    .strictObject({
      decimal: z.string().length(1).default('.'),
      grouping: z.string().length(1).optional(),
      ignore: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  flags: z.strictObject({ yes: z.array(value).default(['true']), no: z.array(value).default(['false']) }).prefault({}),
  files: z.record(name, file),
  records: z.array(records).min(1),
});

export type Mapping = z.output<typeof mapping>;
export type FileOf = Mapping['files'][string];
export type Records = Mapping['records'][number];
export type CommandOf = Records['commands'][number];
export type JoinOf = Records['join'][string];
/** The field of a command that names its aggregate, and where its id comes from: by default the record itself. */
export type Target = CommandOf['to'];

/** Something in a mapping that does not fit together, and where. */
export interface MappingProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function onlyTarget(fields: Readonly<Record<string, z.output<typeof expression>>>, context: z.RefinementCtx) {
  const [entry, ...others] = Object.entries(fields);
  if (entry !== undefined && others.length === 0 && (entry[1].kind === 'id' || entry[1].kind === 'ref'))
    return { field: entry[0], id: entry[1] };
  context.addIssue({ code: 'custom', message: 'expected one field with { $id: … } or { $ref: … }' });
  return z.NEVER;
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label, { fatal: true }).encoding !== '';
  } catch {
    return false;
  }
}
