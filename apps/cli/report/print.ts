import { CannotStart } from '#embedded';
import { reportNamed, reports } from '#projections';
import { InvalidParameters, ReadModelBehind, runReport, watchProgress, type AnyReport } from '#read-store';
import { afterPosition } from '../../server/reports/waiting.js';
import { withReadSide, type ReadSide } from '../read-side.js';
import { tableOf, type View } from './table.js';

/** How a report is shown: as JSON, or as a table. */
export interface Shape extends View {
  readonly json?: boolean;
}

/** Prints what a report says. @throws CannotStart naming what is wrong with the question */
export async function printReport(name: string, parameters: Readonly<Record<string, string>>, shape: Shape) {
  const report = knownReport(name);
  await withReadSide(async (readSide) => {
    const rows = await rowsOf(readSide, report, parameters).catch((error: unknown) => {
      throw error instanceof InvalidParameters || error instanceof ReadModelBehind
        ? new CannotStart(error.message)
        : error;
    });
    if (shape.json) console.log(JSON.stringify(rows, undefined, 2));
    else if (rows.length === 0) console.log('No rows.');
    else console.log(tableOf(report, rows, shape));
  });
}

/** As over HTTP, `after` and `wait` are parameters of every report. */
async function rowsOf(readSide: ReadSide, report: AnyReport, parameters: Readonly<Record<string, string>>) {
  const progress = watchProgress(readSide);
  try {
    return await runReport(readSide.pool, report, await afterPosition({ ...readSide, progress }, report, parameters));
  } finally {
    await progress.close();
  }
}

/** Prints which reports there are, what they answer and what they can be asked. */
export function printReports(): void {
  for (const { name, title, parameters } of reports)
    console.log(`${name}  ${title.en} · ${title.zh}\n    ${Object.keys(parameters.shape).join(' ')}`);
}

function knownReport(name: string): AnyReport {
  const report = reportNamed(name);
  if (report !== undefined) return report;
  throw new CannotStart(`there is no report ${name}; \`taizhang report\` lists them all`);
}
