import type { Command } from 'commander';

/** `taizhang policies …`: what the business does by itself, and what it failed on. */
export function registerPolicies(taizhang: Command): void {
  taizhang
    .command('policies')
    .description('what the business does by itself')
    .command('status')
    .description('how far each policy is, its deadlines, what became of its commands, and what it failed on')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const [{ withReadSide }, { showPolicies }] = await Promise.all([
        import('./read-side.js'),
        import('./policies-status.js'),
      ]);
      await withReadSide((readSide) => showPolicies(readSide, json));
    });
}
