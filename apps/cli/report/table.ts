import Table from 'cli-table3';
import color from 'picocolors';
import { currencyDigits } from '#kernel';
import type { AnyReport, ColumnKind, ReportRow } from '#read-store';

const BAR = 24;
const MOST_ROWS = 15;

/** Which columns to show of a report, and which of them as a bar beside its figure. */
export interface View {
  readonly columns?: readonly string[];
  readonly bar?: string;
  readonly rows?: number;
}

/** What people want to see of a customer's history; the rest is in the JSON. */
export const historyColumns = [
  'revision',
  'occurred_at',
  'actor_name',
  'event_type',
  'field',
  'old_value',
  'new_value',
  'reason_code',
] as const;

/** The rows of a report as a table for people, with headings in both languages. */
export function tableOf(report: AnyReport, rows: readonly ReportRow[], view: View = {}): string {
  const names = (view.columns ?? Object.keys(report.columns)).filter((name) => name in report.columns);
  const most = view.rows ?? MOST_ROWS;
  const longest = Math.max(...rows.map((row) => figureOf(row[view.bar ?? ''])), 0);
  const table = new Table({
    head: [...names.map((name) => headingOf(report, name)), ...(view.bar === undefined ? [] : [''])],
    colAligns: names.map((name) => (isFigure(report.columns[name]?.kind) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows.slice(0, most)) {
    const cells = names.map((name) => cell(report.columns[name]?.kind, row[name], row));
    table.push(view.bar === undefined ? cells : [...cells, bar(figureOf(row[view.bar]), longest)]);
  }
  const more = rows.length > most ? `\n… and ${rows.length - most} more rows` : '';
  return table.toString() + more;
}

const headingOf = ({ columns }: AnyReport, name: string) => {
  const title = columns[name]?.title;
  return title === undefined || title.en === title.zh ? (title?.en ?? name) : `${title.en}\n${color.dim(title.zh)}`;
};

const isFigure = (kind: ColumnKind | undefined): boolean =>
  typeof kind === 'object' || kind === 'count' || kind === 'ratio' || kind === 'number' || kind === 'mean of money';

function cell(kind: ColumnKind | undefined, value: unknown, row: ReportRow): string {
  if (value === null || value === undefined) return color.dim('–');
  if (isMoney(value)) return inMajorUnits(value.amount, value.currency);
  if (kind === 'mean of money' && typeof value === 'number')
    return inMajorUnits(value, Object.values(row).find(isMoney)?.currency ?? null);
  if (kind === 'ratio' && typeof value === 'number') return `${(value * 100).toFixed(1)} %`;
  if (typeof value === 'number') return grouped(value, Number.isInteger(value) ? 0 : 1);
  if (kind === 'instant' && typeof value === 'string') return value.slice(0, 19).replace('T', ' ');
  if (kind === 'flag') return value === true ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function inMajorUnits(amount: number, currency: string | null): string {
  const places = currency === null ? 2 : currencyDigits(currency);
  return `${grouped(amount / 10 ** places, places)} ${currency ?? ''}`.trimEnd();
}

const isMoney = (value: unknown): value is { amount: number; currency: string | null } =>
  typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;

const figureOf = (value: unknown): number => (isMoney(value) ? value.amount : typeof value === 'number' ? value : 0);

const grouped = (value: number, places: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places });

const bar = (figure: number, longest: number): string =>
  color.cyan('█'.repeat(longest > 0 ? Math.max(0, Math.round((figure / longest) * BAR)) : 0));
