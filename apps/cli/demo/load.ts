import { readdir } from 'node:fs/promises';
import { CommandBus } from '@nestjs/cqrs';
import { CannotImport, locateFiles, readMapping, type CommandPort, type Plan } from '#import';
import { commandClasses } from '../../server/commands/command-catalogue.js';
import type { RunningServer } from '../../server/server.js';
import { BusPort } from '../import/bus-port.js';
import { importWithProgress, readPlan } from '../import/import.js';
import { reportText } from '../import/print-report.js';
import { mappingPath, shippedMappings } from '../import/shipped-mappings.js';

/** Imports a folder with the mapping that knows its files. Returns the last position in the log. */
export async function loadFolder(server: RunningServer, folder: string, signal: Promise<string>): Promise<bigint> {
  const plan = await planFor(folder);
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

async function planFor(folder: string): Promise<Plan> {
  await readdir(folder).catch(() => {
    throw new CannotImport(`There is no folder ${folder}`);
  });
  const names = await shippedMappings();
  for (const name of names) {
    const mapping = await readMapping(await mappingPath(name), (command) => commandClasses.has(command));
    if (await locateFiles(mapping, [folder]).then(isFound, isMissing)) return readPlan(name, [folder]);
  }
  throw new CannotImport(
    `No mapping knows the files in ${folder} (tried ${names.join(', ')}). Write one and use: taizhang import <mapping> ${folder}`,
  );
}

const isFound = () => true;
const isMissing = (error: unknown): boolean => {
  if (error instanceof CannotImport) return false;
  throw error;
};
