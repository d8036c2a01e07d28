import type { Pool } from 'pg';
import { z } from 'zod';
import { InvalidParameters } from './failures.js';
import { inTransaction } from './pool.js';
import type { Sql } from './sql.js';

/** A text in both languages of our readers. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** How a figure is shown and carried: money as `{ amount, currency }` in minor units, ratios and means as numbers of six places. */
export type ColumnKind =
  'text' | 'count' | 'ratio' | 'number' | 'date' | 'instant' | 'flag' | 'list' | { readonly money: string };

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
  .regex(
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/,
    'expected 2026-11-22 or an instant with its zone',
  )
  .optional();

/** Business time and recorded time, as every report takes them. */
export const asOf = { as_of: moment, known_at: moment };

const STATEMENT_TIMEOUT_MS = 30_000;

/** The rows of a report. @throws InvalidParameters naming each bad parameter */
export async function runReport(
  pool: Pool,
  report: AnyReport,
  given: Readonly<Record<string, unknown>>,
): Promise<ReportRow[]> {
  const { success, data, error } = z.strictObject(report.parameters.shape).safeParse(given);
  if (!success)
    throw new InvalidParameters(
      report.name,
      error.issues.map(({ path, message }) => ({ field: path.join('.'), problem: message })),
    );
  // The parameters were just checked against the report's own schema.
  const { text, values } = report.query(data as never);
  const { rows } = await inTransaction(pool, async (client) => {
    await client.query('set transaction read only');
    await client.query(`set local statement_timeout to ${STATEMENT_TIMEOUT_MS}`);
    return client.query<ReportRow>({ text, values: [...values] });
  });
  return rows.map((row) => shown(report, row));
}

const shown = ({ columns }: AnyReport, row: ReportRow): ReportRow =>
  Object.fromEntries(Object.entries(columns).map(([name, { kind }]) => [name, valueOf(kind, row, name)]));

function valueOf(kind: ColumnKind, row: ReportRow, name: string): unknown {
  const value = row[name];
  if (value === null || value === undefined) return null;
  if (typeof kind === 'object') return { amount: Number(value), currency: row[kind.money] ?? null };
  if (kind === 'count' || kind === 'ratio' || kind === 'number') return rounded(Number(value));
  return value instanceof Date ? value.toISOString() : value;
}

const rounded = (figure: number): number => Math.round(figure * 1e6) / 1e6;
