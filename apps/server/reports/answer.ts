import { reportNamed } from '#projections';
import type { AnyReport, ReportRow } from '#read-store';
import { runReport } from '#read-store';
import { NotFound } from '../not-found.js';
import type { ReadModels } from '../read-side.module.js';

export type Parameters = Readonly<Record<string, unknown>>;

/** @throws NotFound when no report has this name */
export function knownReport(name: string): AnyReport {
  const report = reportNamed(name);
  if (report !== undefined) return report;
  throw new NotFound('UNKNOWN_REPORT', `there is no report ${name}; GET /reports lists them all`);
}

/** The rows of a report, by its name. */
export const rowsOf = (models: ReadModels, name: string, parameters: Parameters): Promise<ReportRow[]> =>
  runReport(models.pool, knownReport(name), parameters);
