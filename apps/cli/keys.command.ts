import type { Command } from 'commander';
import type * as Actions from './keys-actions.js';
import type { ReachedStores } from './stores.js';

/** `taizhang keys …`: the master keys that wrap the key of every person. */
export function registerKeys(taizhang: Command): void {
  const keys = taizhang.command('keys').description('the master keys that wrap the keys of persons: status, rotation');
  keys
    .command('status')
    .description('which master key wraps how many keys')
    .option('--json', 'as JSON')
    .action(({ json = false }: { json?: boolean }) => onKeys((reached, actions) => actions.showKeys(reached, json)));
  keys
    .command('rotate')
    .description('wrap every key anew under a new master key, while servers run; stopped, it goes on when called again')
    .action(() => onKeys((reached, actions) => actions.rotateKeys(reached)));
}

/** What a command needs is loaded when it runs. */
async function onKeys(work: (reached: ReachedStores, actions: typeof Actions) => Promise<void>): Promise<void> {
  const [{ withStores }, actions] = await Promise.all([import('./stores.js'), import('./keys-actions.js')]);
  await withStores((reached) => work(reached, actions));
}
