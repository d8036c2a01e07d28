import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { EventStoreDB, PostgresSubjectKeys } from '#event-store';
import { projectionsIn } from '#projections';
import { createPool, openLetters, verifyProjection, watchProgress } from '#read-store';
import { codecOf, recordedEvents } from '../../apps/server/recorded-events.js';
import { parts, System, type Part } from './system.js';

const CATCH_UP_MS = 30_000;

interface Round {
  readonly kills: readonly { readonly part: Part; readonly afterMs: number }[];
}

const anyRound: fc.Arbitrary<Round> = fc.record({
  kills: fc.array(fc.record({ part: fc.constantFrom(...parts), afterMs: fc.integer({ min: 50, max: 1_200 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
});

/** Kills server, event node and Postgres under load; after each round every table must equal a fresh rebuild, row for row. */
export async function crashProjections({ rounds, seed }: { rounds: number; seed: number }): Promise<boolean> {
  const system = new System();
  await system.start();
  let isEqual = true;
  try {
    await system.healthy();
    console.log(`server ${system.url}, ${rounds} rounds, seed ${seed}`);
    for (const [index, round] of fc.sample(anyRound, { seed, numRuns: rounds }).entries()) {
      const start = performance.now();
      const load = new Load(system.url);
      for (const { part, afterMs } of round.kills) {
        await setTimeout(afterMs);
        await system.killAndRestart(part);
      }
      await system.healthy();
      const last = await load.end();
      const problems = await compare(system, last);
      const kills = round.kills.map(({ part, afterMs }) => `${part} after ${afterMs} ms`).join(', ');
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(
        `round ${index + 1}: killed ${kills}; ${seconds} s; ${problems.length === 0 ? 'equal' : problems.join('; ')}`,
      );
      isEqual &&= problems.length === 0;
    }
  } finally {
    await system.stop();
  }
  return isEqual;
}

/** Sends commands until told to end; those in flight when something dies may or may not have happened. */
class Load {
  #isOver = false;
  readonly #sending: Promise<void>;

  constructor(private readonly url: string) {
    this.#sending = this.#send();
  }

  /** The position of one last command that certainly happened. */
  async end(): Promise<bigint> {
    this.#isOver = true;
    await this.#sending;
    const id = randomUUID();
    for (;;) {
      const answer = await this.#post('/commands/CaptureLead', 'application/json', JSON.stringify({ leadId: id }), id);
      if (answer?.position !== undefined) return BigInt(answer.position);
      await setTimeout(50);
    }
  }

  async #send(): Promise<void> {
    while (!this.#isOver) {
      const ids = Array.from({ length: 20 }, () => randomUUID());
      const lines = ids.flatMap((leadId) => [
        { id: randomUUID(), command: 'CaptureLead', fields: { leadId, source: 'web', profile: { name: '王芳' } } },
        { id: randomUUID(), command: 'ClaimLead', fields: { leadId, claimantId: randomUUID() } },
      ]);
      const body = lines.map((line) => JSON.stringify(line)).join('\n');
      await this.#post('/commands', 'application/x-ndjson', body, randomUUID());
    }
  }

  async #post(path: string, type: string, body: string, id: string): Promise<{ position?: string } | undefined> {
    try {
      const response = await fetch(this.url + path, {
        method: 'POST',
        headers: { 'content-type': type, 'x-actor': randomUUID(), 'idempotency-key': id },
        body,
        signal: AbortSignal.timeout(10_000),
      });
      const text = await response.text();
      return type === 'application/json' && response.ok ? (JSON.parse(text) as { position?: string }) : {};
    } catch {
      await setTimeout(20);
      return undefined;
    }
  }
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
