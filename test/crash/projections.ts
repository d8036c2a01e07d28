import { setTimeout } from 'node:timers/promises';
import { EventStoreDB, LocalMasterKeys, PostgresSubjectKeys } from '#event-store';
import { projectionsIn } from '#projections';
import { createPool, openLetters, verifyProjections, watchProgress } from '#read-store';
import { codecOf, recordedEvents } from '../../apps/server/recorded-events.js';
import { killsOf, ordealOf, told, type Killing } from './kills.js';
import { Load } from './load.js';
import { inRounds, type Crashes, type Round } from './rounds.js';
import { System } from './system.js';

const CATCH_UP_MS = 180_000;

const roles = { api: 'api', projector: 'projections' } as const;
type Server = keyof typeof roles;

/** Nobody waits five seconds for the lease of a killed projector: what is tried is that rows are right, not how soon. */
const configuration = { PROJECTION_LEASE_SECONDS: '1' };

const killing: Killing<Server> = { parts: ['projector', 'event node', 'postgres'], most: 2, withinMs: 1_000 };

/** Kills projector, event node and Postgres under load; after each round every table must equal a fresh rebuild, row for row. */
export const crashProjections = (options: { rounds: number; seed: number }): Promise<Crashes> =>
  inRounds('projections', options, (seed) =>
    ordealOf(new System(roles, { configuration }), async (system) => {
      const load = new Load(system.url('api'), seed);
      await load.found();
      return (roundSeed) => survive(system, load, roundSeed);
    }),
  );

async function survive(system: System<Server>, load: Load, seed: number): Promise<Round> {
  const kills = killsOf(killing, seed);
  load.begin();
  for (const { part, afterMs } of kills) {
    await setTimeout(afterMs);
    await system.killAndRestart(part);
  }
  const [last] = await Promise.all([load.end(), system.healthy()]);
  return {
    told: `${told(kills)}; log ${last}`,
    problems: [...load.refused.splice(0), ...(await compare(system, last))],
  };
}

/** What differs from a fresh rebuild once the read models have seen the last command. */
async function compare(system: System<Server>, last: bigint): Promise<readonly string[]> {
  const pool = createPool(system.databaseUrl);
  const store = new EventStoreDB(system.eventStoreUrl);
  const projections = projectionsIn('UTC');
  const progress = watchProgress({ pool, projections, pollMs: 50 });
  try {
    await progress.waitFor(last, CATCH_UP_MS);
    const keys = new PostgresSubjectKeys(
      pool,
      'keys',
      LocalMasterKeys.holding(Buffer.from(system.masterKey, 'base64')),
    );
    const source = recordedEvents(store, codecOf('', keys));
    const problems = (await openLetters({ pool })).map(({ stream, reason }) => `parked ${stream}: ${reason}`);
    for (const { differences } of await verifyProjections({ pool, projections, source }))
      problems.push(...differences.map(({ table, key }) => `${table} ${JSON.stringify(key)}`));
    return problems;
  } catch (error) {
    return [String(error)];
  } finally {
    await progress.close();
    await store.close();
    await pool.end();
  }
}
