import { writeFile } from 'node:fs/promises';
import { type Command } from 'commander';

/** `taizhang events`: prints the catalogue of events, or writes it to `libs/crm/EVENTS.md`. */
export function registerEvents(taizhang: Command): void {
  taizhang
    .command('events')
    .description('every event: what it means, what it carries, who emits it and who reads it')
    .option('--write', 'write it to libs/crm/EVENTS.md')
    .action(async ({ write }: { write?: true }) => {
      const catalogue = await currentCatalogue();
      if (write) await writeFile('libs/crm/EVENTS.md', catalogue);
      else process.stdout.write(catalogue);
    });
}

/** The catalogue of the code as it runs. */
export async function currentCatalogue(): Promise<string> {
  const { aggregates } = await import('#crm/index');
  const { listeners } = await import('#projections');
  const { asMarkdown, catalogueOf } = await import('./event-catalogue.js');
  return asMarkdown(catalogueOf(aggregates, listeners));
}
