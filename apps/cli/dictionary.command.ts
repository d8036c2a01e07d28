import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';

/** `taizhang dictionary`: prints the data dictionary, or writes it to `docs/data-dictionary.md`. */
export function registerDictionary(taizhang: Command): void {
  taizhang
    .command('dictionary')
    .description('every view, function and column that analysts may use, and what it means')
    .option('--write', 'write it to docs/data-dictionary.md')
    .action(async ({ write }: { write?: true }) => {
      const dictionary = await onEmptyPostgres();
      if (write) await writeFile('docs/data-dictionary.md', dictionary);
      else process.stdout.write(dictionary);
    });
}

/** The dictionary tells of names and meanings, not of rows: an empty Postgres of its own has all of it. */
async function onEmptyPostgres(): Promise<string> {
  const { removeEmbeddedStack, startPostgres, temporaryFolder } = await import('#embedded');
  const { createPool, installReadModels } = await import('#read-store');
  const { projectionsIn } = await import('#projections');
  const { dataDictionary } = await import('./data-dictionary.js');
  const folder = temporaryFolder('taizhang-dictionary');
  const postgres = await startPostgres({ folder });
  const pool = createPool(postgres.url('postgres'));
  try {
    await installReadModels({ pool, projections: projectionsIn('UTC') });
    return await dataDictionary(pool);
  } finally {
    await pool.end();
    await postgres.stop();
    await removeEmbeddedStack(folder);
  }
}
