import { Chance } from '../../../apps/cli/demo/chance.js';
import { ordealOf } from '../kills.js';
import { wholeLog } from '../log.js';
import { inRounds, type Crashes, type Round } from '../rounds.js';
import { System } from '../system.js';
import { Crowd } from './crowd.js';
import { notExactlyOnce } from './exactly-once.js';
import { Storm } from './storm.js';

const roles = { 'door 1': 'api', 'door 2': 'api' } as const;

/** Commands of one round when nobody says otherwise. */
const COMMANDS = 10_000;

/**
 * Every command is sent three times, in random order, through two doors, over connections that break at random on both
 * sides of the doors: each must have happened exactly once, and every attempt that was answered was answered the same.
 */
export const crashCommands = (
  options: { readonly rounds: number; readonly seed: number },
  commands = COMMANDS,
): Promise<Crashes> =>
  inRounds('commands', options, () =>
    ordealOf(new System(roles, { hasFaultyNetwork: true }), (system) =>
      Promise.resolve((seed: number) => survive(system, new Chance(seed), commands)),
    ),
  );

async function survive(system: System<keyof typeof roles>, chance: Chance, commands: number): Promise<Round> {
  const crowd = new Crowd([system.url('door 1'), system.url('door 2')], chance, commands);
  await crowd.prepare();
  const storm = new Storm(system.network, chance);
  storm.begin();
  await crowd.sendAll();
  await storm.end();
  return {
    told: `${commands} commands; ${crowd.told}; ${storm.told}`,
    problems: [...crowd.problems, ...notExactlyOnce(await wholeLog(system), crowd)],
  };
}
