import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { Chance } from '../../../apps/cli/demo/chance.js';
import { inRounds, type Crashes, type Ordeal, type Round } from '../rounds.js';
import { System, type Part } from '../system.js';
import { wholeLog } from './log.js';
import { ClaimRace } from './race.js';
import { brokenRules, openReservations } from './rules.js';
import { settleReservations } from './settle.js';

const roles = { 'door 1': 'api', 'door 2': 'api', policies: 'policies' } as const;
type Server = keyof typeof roles;

interface Kill {
  readonly part: Part<Server>;
  readonly afterMs: number;
}

const anyKills: fc.Arbitrary<readonly Kill[]> = fc.array(
  fc.record({
    part: fc.constantFrom('door 1', 'door 2', 'policies', 'event node', 'postgres'),
    afterMs: fc.integer({ min: 0, max: 400 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Two doors, policies, event node and Postgres are killed while twenty employees race for leads: no limit is ever passed, and nothing stays reserved. */
export const crashClaims = (options: { rounds: number; seed: number }): Promise<Crashes> =>
  inRounds('claims', options, begin);

async function begin(): Promise<Ordeal> {
  const system = new System(roles);
  try {
    await system.start();
    return { round: (seed) => survive(system, seed), stop: () => system.stop() };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** One round. Its kills and claims are those of its seed; when exactly they meet is chance. */
async function survive(system: System<Server>, seed: number): Promise<Round> {
  const [kills = []] = fc.sample(anyKills, { seed, numRuns: 1 });
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
  const told = kills.map(({ part, afterMs }) => `${part} after ${afterMs} ms`).join(', ');
  return {
    told: `killed ${told}; ${race.told}; ${left} reservations were open`,
    problems: [...brokenRules(log, race), ...(await race.claimsWhatIsLeft(log))],
  };
}
