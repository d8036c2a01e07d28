import type { Command } from 'commander';
import type * as Actions from './projections-actions.js';
import type { ReadSide } from './read-side.js';
import { reason } from './reason.js';

/** `taizhang projections …`: what the read models are doing, and what an operator can do about them. */
export function registerProjections(taizhang: Command): void {
  const projections = taizhang.command('projections').description('read models: status, rebuild, repair');
  projections
    .command('status')
    .description('every version of every projection, and what is parked')
    .option('--json', 'as JSON')
    .action(({ json = false }: { json?: boolean }) =>
      onReadSide(async (readSide) => (await import('./projections-status.js')).showStatus(readSide, json)),
    );
  projections
    .command('rebuild')
    .description('build new versions beside what readers see, from the first event on')
    .argument('[names...]', 'projections; all of them when none is named')
    .option('--switch', 'show the new versions once they are filled')
    .action((names: readonly string[], flags: { switch?: boolean }) =>
      onReadSide((readSide, actions) => actions.rebuild(readSide, names, flags.switch ?? false)),
    );
  projections
    .command('switch')
    .description('show the version that was built last; the one shown now is kept')
    .argument('<name>')
    .option('--force', 'also when more events are parked in it than in the one shown now')
    .action((name: string, { force }: { force?: boolean }) =>
      onReadSide((readSide, actions) => actions.switchTo(readSide, name, force)),
    );
  projections
    .command('rollback')
    .description('show the version again that was shown before')
    .argument('<name>')
    .action((name: string) => onReadSide((readSide, actions) => actions.rollback(readSide, name)));
  projections
    .command('drop')
    .description('remove a version that readers do not see, with its tables')
    .argument('<version>', 'as status names it')
    .action((version: string) => onReadSide((readSide, actions) => actions.drop(readSide, version)));
  projections
    .command('verify')
    .description('build once more and compare with what readers see, row by row at the same position')
    .argument('[names...]', 'projections; all of them when none is named')
    .action((names: readonly string[]) => onReadSide((readSide, actions) => actions.verify(readSide, names)));
  projections
    .command('replay-dead')
    .description('apply parked events again, in their order')
    .argument('<name>', 'the projection')
    .argument('[stream]', 'only this stream')
    .requiredOption('--reason <text>', 'why; kept with the events', reason)
    .action((name: string, stream: string | undefined, { reason }: { reason: string }) =>
      onReadSide((readSide, actions) => actions.repair(readSide, name, stream, reason)),
    );
  projections
    .command('skip')
    .description('give up the first parked event of a stream, also in all later builds, and apply those behind it')
    .argument('<name>', 'the projection')
    .argument('<stream>')
    .requiredOption('--reason <text>', 'why; kept with the event', reason)
    .action((name: string, stream: string, { reason }: { reason: string }) =>
      onReadSide((readSide, actions) => actions.skip(readSide, name, stream, reason)),
    );
  projections
    .command('unskip')
    .description('take back what was skipped of a stream: the next build applies it')
    .argument('<name>', 'the projection')
    .argument('<stream>')
    .action((name: string, stream: string) =>
      onReadSide((readSide, actions) => actions.takeBack(readSide, name, stream)),
    );
}

/** What a command needs is loaded when it runs. */
async function onReadSide(work: (readSide: ReadSide, actions: typeof Actions) => Promise<void>): Promise<void> {
  const [{ withReadSide }, actions] = await Promise.all([import('./read-side.js'), import('./projections-actions.js')]);
  await withReadSide((readSide) => work(readSide, actions));
}
