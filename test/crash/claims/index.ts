import { setTimeout } from 'node:timers/promises';
import { Chance } from '../../../apps/cli/demo/chance.js';
import { killsOf, ordealOf, told, type Killing } from '../kills.js';
import { inRounds, type Crashes, type Round } from '../rounds.js';
import { System } from '../system.js';
import { wholeLog } from '../log.js';
import { ClaimRace } from './race.js';
import { brokenRules, openReservations } from './rules.js';
import { settleReservations } from './settle.js';

const roles = { 'door 1': 'api', 'door 2': 'api', policies: 'policies' } as const;
type Server = keyof typeof roles;

const killing: Killing<Server> = {
  parts: ['door 1', 'door 2', 'policies', 'event node', 'postgres'],
  most: 3,
  withinMs: 400,
};

/** Two doors, policies, event node and Postgres are killed while twenty employees race for leads: no limit is ever passed, and nothing stays reserved. */
export const crashClaims = (options: { rounds: number; seed: number }): Promise<Crashes> =>
  inRounds('claims', options, () =>
    ordealOf(new System(roles), (system) => Promise.resolve((seed: number) => survive(system, seed))),
  );

/** One round. Its kills and claims are those of its seed; when exactly they meet is chance. */
async function survive(system: System<Server>, seed: number): Promise<Round> {
  const kills = killsOf(killing, seed);
  const race = new ClaimRace([system.url('door 1'), system.url('door 2')], new Chance(seed));
  await race.prepare();
  const racing = race.run();
  for (const { part, afterMs } of kills) {
    await setTimeout(afterMs);
    await system.killAndRestart(part);
    await system.healthy();
  }
  await Promise.all([racing, system.healthy()]);
  await system.kill('policies');
  const left = openReservations(await wholeLog(system), race);
  await settleReservations(system);
  const log = await wholeLog(system);
  await system.healthy();
  return {
    told: `${told(kills)}; ${race.told}; ${left} reservations were open`,
    problems: [...brokenRules(log, race), ...race.untried, ...(await race.claimsWhatIsLeft(log))],
  };
}
