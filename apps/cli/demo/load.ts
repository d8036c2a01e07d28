import { CommandBus } from '@nestjs/cqrs';
import type { CommandPort } from '#import';
import type { RunningServer } from '../../server/server.js';
import { BusPort } from '../import/bus-port.js';
import { importWithProgress, readPlan } from '../import/import.js';
import { reportText } from '../import/print-report.js';
import { mappingOf } from '../import/shipped-mappings.js';

/** Imports a folder with the mapping that knows its files. Returns the last position in the log. */
export async function loadFolder(server: RunningServer, folder: string, signal: Promise<string>): Promise<bigint> {
  const plan = await readPlan(await mappingOf(folder), [folder]);
  let last = 0n;
  const bus = new BusPort(server.application.get(CommandBus), { id: `import:${plan.source}`, kind: 'import' });
  const port: CommandPort = {
    send: async (name, fields, issue) => {
      const outcome = await bus.send(name, fields, issue);
      if (outcome.position !== undefined && outcome.position > last) last = outcome.position;
      return outcome;
    },
  };
  const { report, problems } = await importWithProgress(plan, port, signal);
  console.log(reportText(report, problems.slice(0, 20)));
  return last;
}
