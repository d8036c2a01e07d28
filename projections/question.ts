import { z } from 'zod';
import { isDay } from '#kernel';
import { asNumber, type AnyReport, type Bilingual, type ColumnKind, type ReportColumn } from '#read-store';

type Columns = Readonly<Record<string, ReportColumn>>;

/** A question as data: the function of `analytics` that answers it, and the one that lists what was counted. */
export interface Question {
  /** Part of its address; the function has the same name with underscores. */
  readonly name: string;
  readonly title: Bilingual;
  /** Named like the parameters of the function. */
  readonly parameters: z.ZodRawShape;
  readonly columns: Columns;
  readonly orderBy: string;
  /** What `<function>_rows` gives: takes the same parameters but those of `ignores`; `key` picks one row of the answer. */
  readonly rows?: { readonly columns: Columns; readonly orderBy: string; readonly ignores?: readonly string[] };
}

/** The report of a question, and the report into which each of its figures opens. */
export function question({ rows, ...asked }: Question): readonly AnyReport[] {
  if (rows === undefined) return [reportOn(asked)];
  const name = `${asked.name}-rows`;
  const title = { en: `${asked.title.en}: what was counted`, zh: `${asked.title.zh}：明细` };
  const hasKey = 'key' in rows.columns;
  const parameters = { ...asked.parameters, ...(hasKey && { key: z.string().optional() }) };
  return [
    { ...reportOn(asked), opensInto: name },
    reportOn({ ...asked, ...rows, name, title, parameters }, [...(rows.ignores ?? []), 'key']),
  ];
}

function reportOn({ name, title, parameters, columns, orderBy }: Question, without: readonly string[] = []): AnyReport {
  const query = (given: Readonly<Record<string, unknown>>) => {
    const values: unknown[] = [];
    const place = (value: unknown) => `$${values.push(value)}`;
    const call = Object.entries(given)
      .filter(([parameter, value]) => value !== undefined && !without.includes(parameter))
      .map(([parameter, value]) => `${parameter} => ${isMoment(parameter) ? `moment(${place(value)})` : place(value)}`);
    const where = given['key'] === undefined ? '' : ` where coalesce(key, '') = ${place(given['key'])}`;
    return {
      text: `select * from ${name.replaceAll('-', '_')}(${call.join(', ')})${where} order by ${orderBy}`,
      values,
    };
  };
  return { name, title, parameters: z.object(parameters), columns, query };
}

const isMoment = (parameter: string) => parameter === 'as_of' || parameter === 'known_at';

/** A calendar day that exists. */
export const day = z
  .string()
  .refine(isDay, 'expected a day that exists, such as 2026-11-22')
  .meta({ format: 'date', example: '2026-11-22' })
  .optional();
/** Groups rows by calendar period as well. */
export const per = z.enum(['week', 'month', 'quarter', 'year']).optional();
export const days = asNumber(z.coerce.number().int().min(0).max(100_000)).optional();
export const flag = z.union([z.boolean(), z.enum(['true', 'false'])]).optional();

const column =
  (kind: ColumnKind) =>
  (en: string, zh: string): ReportColumn => ({ title: { en, zh }, kind });

export const text = column('text');
export const count = column('count');
export const ratio = column('ratio');
export const figure = column('number');
export const meanOfMoney = column('mean of money');
export const date = column('date');
export const instant = column('instant');
export const yesNo = column('flag');
export const list = column('list');
export const money = column({ money: 'currency' });

/** What names a row of a report that groups. */
export const grouped = { key: text('Key', '键'), label: text('Name', '名称') };
export const grouping = { ...grouped, period: text('Period', '周期') };
