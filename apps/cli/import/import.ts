import { writeFile } from 'node:fs/promises';
import type { CommandPort, ImportReport, Plan, RowReport } from '#import';
import { CannotImport, isClean, locateFiles, planImport, readMapping, runImport } from '#import';
import { firstSignal } from '../../server/lifecycle.js';
import { commands } from './commands.js';
import { openPort } from './open-port.js';
import { reportText } from './print-report.js';
import { progressBar } from '../progress.js';
import { mappingPath } from './shipped-mappings.js';

export interface ImportFlags {
  readonly server?: string;
  readonly report?: string;
  readonly dryRun?: boolean;
}

const SHOWN_PROBLEMS = 20;

/** Exit codes: 0 all rows are in, 2 some were rejected or differ, 1 nothing could be imported, 130 interrupted. */
export async function runImportCommand(mapping: string, places: readonly string[], flags: ImportFlags): Promise<void> {
  const signal = firstSignal();
  try {
    const plan = await readPlan(mapping, places);
    const open = await openPort(plan.source, flags);
    try {
      const { report, problems } = await importWithProgress(plan, open.port, signal);
      if (flags.report !== undefined)
        await writeFile(flags.report, `${JSON.stringify({ ...report, problems }, null, 2)}\n`);
      console.log(reportText(report, problems.slice(0, SHOWN_PROBLEMS)));
      process.exitCode = report.isStopped ? 130 : isClean(report) ? 0 : 2;
    } finally {
      await open.close();
    }
  } catch (error) {
    if (!(error instanceof CannotImport)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Reads a mapping and looks through the files that it names. */
export async function readPlan(mapping: string, places: readonly string[]): Promise<Plan> {
  const parsed = await readMapping(await mappingPath(mapping), commands);
  return planImport(parsed, await locateFiles(parsed, places), commands);
}

/** Runs an import under a progress bar, until its end or a signal. */
export async function importWithProgress(
  plan: Plan,
  port: CommandPort,
  signal: Promise<string>,
): Promise<{ readonly report: ImportReport; readonly problems: readonly RowReport[] }> {
  const stop = new AbortController();
  void signal.then(() => {
    stop.abort();
  });
  const bar = progressBar(plan.source);
  const problems: RowReport[] = [];
  try {
    const report = await runImport(plan, port, {
      signal: stop.signal,
      onProgress: bar.update,
      onRow: (row) => problems.push(row),
    });
    return { report, problems };
  } finally {
    bar.stop();
  }
}
