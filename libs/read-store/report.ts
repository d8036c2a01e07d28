import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import { z } from 'zod';
import { fieldProblemsIn, instantInUtc, isDay, NOT_STORABLE, unstorablePlace } from '#kernel';
import { InvalidParameters, metASwitch } from './failures.js';
import { inTransaction } from './pool.js';
import { projectionsRead } from './reads.js';
import type { Sql } from './sql.js';

/** A text in both languages of our readers. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** How a figure is shown and carried: money as `{ amount, currency }` in minor units, ratios and means (of money too, in minor units of the row's currency) as numbers of six places. */
export type ColumnKind =
  | 'text'
  | 'count'
  | 'ratio'
  | 'number'
  | 'date'
  | 'instant'
  | 'flag'
  | 'list'
  | { readonly money: string }
  | 'mean of money';

export interface ReportColumn {
  readonly title: Bilingual;
  readonly kind: ColumnKind;
}

/** A question the business asks, answered by one function of the schema `analytics`. */
export interface Report<Parameters extends z.ZodObject = z.ZodObject> {
  /** Part of its address: `/reports/<name>`. */
  readonly name: string;
  readonly title: Bilingual;
  readonly parameters: Parameters;
  /** What the rows carry, in the order in which they are shown; a column named in `money` is not shown by itself. */
  readonly columns: Readonly<Record<string, ReportColumn>>;
  /** Finds the functions of the schema `analytics` without naming it. */
  readonly query: (parameters: z.output<Parameters>) => Sql;
  /** The report that lists the rows which this one counted, under the same parameters. */
  readonly opensInto?: string;
}

/** A report whose parameters are its own business. */
export type AnyReport = Omit<Report, 'query'> & { readonly query: (parameters: never) => Sql };

export type ReportRow = Readonly<Record<string, unknown>>;

/** A day (its end in the reporting zone) or an instant; absent means now. */
export const moment = z
  .string()
  .refine((text) => isDay(text) || instantInUtc(text) !== undefined, {
    error: 'expected a day that exists, such as 2026-11-22, or an instant with its zone',
  })
  .meta({ description: 'A day (its end in the reporting zone), or an instant with its zone', example: '2026-11-22' })
  .optional();

/** Business time and recorded time, as every report takes them. */
export const asOf = { as_of: moment, known_at: moment };

/** A number as an address carries it; nothing at all is not zero. */
export const asNumber = (kind: z.ZodCoercedNumber) =>
  z.preprocess((given) => (typeof given === 'string' && given.trim() === '' ? NaN : given), kind);

const STATEMENT_TIMEOUT_MS = 30_000;
const MOST_REPEATS = 3;
const REPEAT_MS = 50;

/** The rows of a report. @throws InvalidParameters naming each bad parameter */
export async function runReport(
  pool: Pool,
  report: AnyReport,
  given: Readonly<Record<string, unknown>>,
): Promise<ReportRow[]> {
  // The parameters were just checked against the report's own schema.
  const { text, values } = report.query(checked(report.name, z.strictObject(report.parameters.shape), given) as never);
  const rows = await readRows(pool, { text, values });
  return rows.map((row) => shown(report, row));
}

/** The projections that a report reads: a waiting read waits for these, and for no other that may be stuck. Undefined when Postgres cannot tell: it may read any. */
export const projectionsOf = (
  pool: Pool,
  namespace: string | undefined,
  report: AnyReport,
): Promise<readonly string[] | undefined> =>
  // Without parameters: which functions it asks does not depend on them.
  projectionsRead(pool, namespace, report.query({} as never).text);

/** Reads again what failed because a switch replaced it meanwhile: asking twice changes nothing. */
async function readRows(pool: Pool, { text, values }: Sql): Promise<readonly ReportRow[]> {
  for (let again = MOST_REPEATS; ; again--)
    try {
      const { rows } = await inTransaction(pool, async (client) => {
        await client.query('set transaction read only');
        await client.query(`set local statement_timeout to ${STATEMENT_TIMEOUT_MS}`);
        return client.query<ReportRow>({ text, values: [...values] });
      });
      return rows;
    } catch (error) {
      if (again === 0 || !metASwitch(error)) throw error;
      await setTimeout(REPEAT_MS);
    }
}

/** What was asked for, as the schema of a question has it. @throws InvalidParameters naming each bad parameter */
export function checked<Schema extends z.ZodType>(
  question: string,
  schema: Schema,
  given: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const { success, data, error } = schema.safeParse(given);
  if (!success) throw new InvalidParameters(question, fieldProblemsIn(error));
  const field = unstorablePlace(given);
  if (field === undefined) return data;
  throw new InvalidParameters(question, [{ field, problem: NOT_STORABLE }]);
}

const shown = ({ columns }: AnyReport, row: ReportRow): ReportRow =>
  Object.fromEntries(Object.entries(columns).map(([name, { kind }]) => [name, valueOf(kind, row, name)]));

function valueOf(kind: ColumnKind, row: ReportRow, name: string): unknown {
  const value = row[name];
  if (value === null || value === undefined) return null;
  if (typeof kind === 'object') return { amount: Number(value), currency: row[kind.money] ?? null };
  if (kind === 'count' || kind === 'ratio' || kind === 'number' || kind === 'mean of money')
    return rounded(Number(value));
  return value instanceof Date ? value.toISOString() : value;
}

const rounded = (figure: number): number => Math.round(figure * 1e6) / 1e6;
