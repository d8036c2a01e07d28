import { CannotStart } from '#embedded';
import { reportNamed, reports } from '#projections';
import { InvalidParameters, runReport, type AnyReport } from '#read-store';
import { withReadSide } from '../read-side.js';
import { tableOf, type View } from './table.js';

/** How a report is shown: as JSON, or as a table. */
export interface Shape extends View {
  readonly json?: boolean;
}

/** Prints what a report says. @throws CannotStart naming what is wrong with the question */
export async function printReport(name: string, parameters: Readonly<Record<string, string>>, shape: Shape) {
  const report = knownReport(name);
  await withReadSide(async ({ pool }) => {
    const rows = await runReport(pool, report, parameters).catch((error: unknown) => {
      throw error instanceof InvalidParameters ? new CannotStart(error.message) : error;
    });
    if (shape.json) console.log(JSON.stringify(rows, undefined, 2));
    else if (rows.length === 0) console.log('No rows.');
    else console.log(tableOf(report, rows, shape));
  });
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
