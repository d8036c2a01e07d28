import type { Command } from 'commander';

/** `taizhang analyst`: an address for people and BI tools that read analytics and nothing else. */
export function registerAnalyst(taizhang: Command): void {
  taizhang
    .command('analyst')
    .description('let the analyst role in: prints an address under a new password, which replaces the last one')
    .action(async () => {
      const [{ withReadSide }, { letAnalystIn }] = await Promise.all([import('./read-side.js'), import('#read-store')]);
      await withReadSide(async ({ pool, namespace, databaseUrl }) => {
        const { role, password } = await letAnalystIn(pool, namespace);
        const url = new URL(databaseUrl);
        [url.username, url.password] = [role, password];
        console.log(url.toString());
        console.error('It answers while the server runs. What can be asked: select * from data_dictionary');
      });
    });
}
