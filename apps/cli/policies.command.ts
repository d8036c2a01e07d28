import type { Command } from 'commander';
import type * as Actions from './policies-status.js';
import type { ReadSide } from './read-side.js';
import { reason } from './reason.js';

/** `taizhang policies …`: what the business does by itself, and what it failed on. */
export function registerPolicies(taizhang: Command): void {
  const policies = taizhang.command('policies').description('what the business does by itself: status, repair');
  policies
    .command('status')
    .description('how far each policy is, its deadlines, what became of its commands, and what it failed on')
    .option('--json', 'as JSON')
    .action(({ json = false }: { json?: boolean }) =>
      onPolicies((readSide, actions) => actions.showPolicies(readSide, json)),
    );
  policies
    .command('retry')
    .description('react again to what is parked, the events of a stream in their order')
    .argument('<policy>')
    .argument('[what]', 'only this stream, or the deadline under this key')
    .requiredOption('--reason <text>', 'why', reason)
    .action((policy: string, what: string | undefined, { reason }: { reason: string }) =>
      onPolicies((readSide, actions) => actions.retry(readSide, policy, what, reason)),
    );
}

/** What a command needs is loaded when it runs. */
async function onPolicies(work: (readSide: ReadSide, actions: typeof Actions) => Promise<void>): Promise<void> {
  const [{ withReadSide }, actions] = await Promise.all([import('./read-side.js'), import('./policies-status.js')]);
  await withReadSide((readSide) => work(readSide, actions));
}
