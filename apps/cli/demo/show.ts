import color from 'picocolors';
import type { Pool } from 'pg';
import { reportNamed } from '#projections';
import type { AnyReport, ReportRow } from '#read-store';
import { runReport } from '#read-store';
import { historyColumns, tableOf } from '../report/table.js';
import type { Figure } from './figures.js';
import { FIGURES } from './figures.js';

export type Shown = Readonly<Record<string, readonly ReportRow[]>>;

/** Asks every report of the demo, prints those that have rows, and returns all under their keys. */
export async function showFigures(pool: Pool): Promise<Shown> {
  const shown: Record<string, readonly ReportRow[]> = {};
  for (const figure of FIGURES) {
    const report = reportOf(figure.report);
    const rows = await runReport(pool, report, figure.parameters);
    shown[figure.key] = rows;
    if (rows.length > 0) print(figure, report, rows);
  }
  const [busiest] = await mostRevised(pool);
  if (busiest !== undefined) shown['customer_history'] = await showHistory(pool, busiest);
  return shown;
}

function print({ key, parameters, view }: Figure, report: AnyReport, rows: readonly ReportRow[]): void {
  const address = `/reports/${report.name}${query(parameters)}`;
  console.log(`\n${color.bold(`${report.title.en} · ${report.title.zh}`)}  ${color.dim(`${key}  ${address}`)}`);
  console.log(tableOf(report, rows, view));
}

async function showHistory(pool: Pool, customer: string): Promise<readonly ReportRow[]> {
  const report = reportOf('customer-history');
  const rows = await runReport(pool, report, { customer });
  console.log(
    `\n${color.bold(`${report.title.en} · ${report.title.zh}`)}  ${color.dim(`/customers/${customer}/revisions`)}`,
  );
  console.log(tableOf(report, rows, { columns: historyColumns, rows: 30 }));
  return rows;
}

/** The customer whose record has changed most often tells most. */
async function mostRevised(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ customer_id: string }>(
    `select customer_id from customer_revision group by customer_id
     order by max(revision) desc, customer_id limit 1`,
  );
  return rows.map(({ customer_id }) => customer_id);
}

function reportOf(name: string): AnyReport {
  const report = reportNamed(name);
  if (report === undefined) throw new Error(`there is no report ${name}`);
  return report;
}

const query = (parameters: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(parameters).toString();
  return text === '' ? '' : `?${text}`;
};
