import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { EventStoreDB, PostgresSubjectKeys } from '#event-store';
import { projectionsIn } from '#projections';
import { createPool, openLetters, verifyProjection, watchProgress } from '#read-store';
import { codecOf, recordedEvents } from '../../apps/server/recorded-events.js';
import { Load } from './load.js';
import { parts, System, type Part } from './system.js';

const CATCH_UP_MS = 30_000;
/** So that the log stays small and a round short. */
const ROUNDS_PER_SYSTEM = 10;

interface Kill {
  readonly part: Part;
  readonly afterMs: number;
}

const anyKills: fc.Arbitrary<readonly Kill[]> = fc.array(
  fc.record({ part: fc.constantFrom(...parts), afterMs: fc.integer({ min: 0, max: 1_000 }) }),
  { minLength: 1, maxLength: 2 },
);

export interface Crashes {
  readonly passed: number;
  readonly failed: number;
}

/** Kills projector, event node and Postgres under load; after each round every table must equal a fresh rebuild, row for row. */
export async function crashProjections({ rounds, seed }: { rounds: number; seed: number }): Promise<Crashes> {
  let failed = 0;
  for (let done = 0; done < rounds; done += ROUNDS_PER_SYSTEM) {
    const system = new System();
    try {
      await system.start();
      const load = new Load(system.url, seed + done);
      await load.found();
      for (let round = done; round < Math.min(done + ROUNDS_PER_SYSTEM, rounds); round++)
        if (!(await survives(system, load, round, seed + round))) failed++;
    } finally {
      await system.stop();
    }
  }
  return { passed: rounds - failed, failed };
}

/** One round. Its kills are those of its seed; when exactly they hit the system's work is chance. */
async function survives(system: System, load: Load, round: number, seed: number): Promise<boolean> {
  const start = performance.now();
  const [kills = []] = fc.sample(anyKills, { seed, numRuns: 1 });
  load.begin();
  for (const { part, afterMs } of kills) {
    await setTimeout(afterMs);
    await system.killAndRestart(part);
  }
  const [last] = await Promise.all([load.end(), system.healthy()]);
  const problems = [...load.refused.splice(0), ...(await compare(system, last))];
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const told = kills.map(({ part, afterMs }) => `${part} after ${afterMs} ms`).join(', ');
  console.log(`round ${round + 1}: killed ${told}; ${seconds} s; log ${last}; ${problems.join('; ') || 'equal'}`);
  if (problems.length > 0) console.log(`  again: npm run crash -- projections --rounds 1 --seed ${seed}`);
  return problems.length === 0;
}

/** What differs from a fresh rebuild once the read models have seen the last command. */
async function compare(system: System, last: bigint): Promise<readonly string[]> {
  const pool = createPool(system.databaseUrl);
  const store = new EventStoreDB(system.eventStoreUrl);
  const projections = projectionsIn('UTC');
  const progress = watchProgress({ pool, projections, pollMs: 50 });
  try {
    await progress.waitFor(last, CATCH_UP_MS);
    const keys = new PostgresSubjectKeys(pool, 'keys', Buffer.from(system.masterKey, 'base64'));
    const source = recordedEvents(store, codecOf('', keys));
    const problems = (await openLetters({ pool })).map(({ stream, reason }) => `parked ${stream}: ${reason}`);
    for (const projection of projections) {
      const { differences } = await verifyProjection({ pool, projection, source });
      problems.push(...differences.map(({ table, key }) => `${table} ${JSON.stringify(key)}`));
    }
    return problems;
  } catch (error) {
    return [String(error)];
  } finally {
    await progress.close();
    await store.close();
    await pool.end();
  }
}
