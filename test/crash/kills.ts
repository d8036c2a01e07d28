import fc from 'fast-check';
import type { Ordeal, Round } from './rounds.js';
import type { Part, System } from './system.js';

/** What is killed, and how long after the kill before it. */
export interface Kill<Server extends string> {
  readonly part: Part<Server>;
  readonly afterMs: number;
}

/** What can be killed in a round, how often at most, and how long it is waited for at most. */
export interface Killing<Server extends string> {
  readonly parts: readonly Part<Server>[];
  readonly most: number;
  readonly withinMs: number;
}

/** The kills of the round with this seed. */
export function killsOf<Server extends string>(
  { parts, most, withinMs }: Killing<Server>,
  seed: number,
): readonly Kill<Server>[] {
  const anyKill = fc.record({ part: fc.constantFrom(...parts), afterMs: fc.integer({ min: 0, max: withinMs }) });
  const [kills = []] = fc.sample(fc.array(anyKill, { minLength: 1, maxLength: most }), { seed, numRuns: 1 });
  return kills;
}

export const told = (kills: readonly Kill<string>[]): string =>
  `killed ${kills.map(({ part, afterMs }) => `${part} after ${afterMs} ms`).join(', ')}`;

/** Rounds on a system of its own; `prepare` says what a round is. */
export async function ordealOf<Server extends string>(
  system: System<Server>,
  prepare: (system: System<Server>) => Promise<(seed: number) => Promise<Round>>,
): Promise<Ordeal> {
  try {
    await system.start();
    return { round: await prepare(system), stop: () => system.stop() };
  } catch (error) {
    await system.stop();
    throw error;
  }
}
