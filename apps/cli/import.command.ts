import { type Command } from 'commander';
import type { ImportFlags } from './import/import.js';

/** `taizhang import`: files become commands, as a mapping says. */
export function registerImport(taizhang: Command): void {
  taizhang
    .command('import')
    .description('import files as a mapping says; importing them again adds nothing')
    .argument('<mapping>', 'the name of a mapping that comes with taizhang, or a mapping file')
    .argument('<places...>', 'a folder with the files, or the files')
    .option('--server <url>', 'send to this server (default: the one running on the data folder, else this process)')
    .option('--report <file>', 'write the whole report here, as JSON')
    .option('--dry-run', 'read and check everything, send nothing')
    .action(async (mapping: string, places: string[], flags: ImportFlags) => {
      const { runImportCommand } = await import('./import/import.js');
      await runImportCommand(mapping, places, flags);
    });
}
