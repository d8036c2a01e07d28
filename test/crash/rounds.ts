export interface Crashes {
  readonly passed: number;
  readonly failed: number;
}

/** What a round did and found; it has passed when there are no problems. */
export interface Round {
  readonly told: string;
  readonly problems: readonly string[];
}

/** A system that is killed and must have lost nothing, round after round. */
export interface Ordeal {
  round(seed: number): Promise<Round>;
  stop(): Promise<void>;
}

/** So that logs stay small and a round short. A system whose round did not come to an end is left at once. */
const ROUNDS_PER_SYSTEM = 10;
const TOLD = 5;

/**
 * Rounds on one system after the other. What is killed in a round, and after how long, is decided by its seed; what the
 * system is doing at that moment is chance.
 */
export async function inRounds(
  what: string,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
  begin: (seed: number) => Promise<Ordeal>,
): Promise<Crashes> {
  let failed = 0;
  for (let done = 0; done < rounds;) {
    const ordeal = await begin(seed + done);
    const last = Math.min(done + ROUNDS_PER_SYSTEM, rounds);
    try {
      for (let isWell = true; done < last && isWell; done++) {
        const start = performance.now();
        const { told, problems, ended } = await play(ordeal, seed + done);
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        console.log(`round ${done + 1}: ${told}; ${seconds} s; ${summaryOf(problems)}`);
        isWell = ended;
        if (problems.length === 0) continue;
        failed++;
        console.log(`  again: npm run crash -- ${what} --rounds 1 --seed ${seed + done}`);
      }
    } finally {
      await ordeal.stop();
    }
  }
  return { passed: rounds - failed, failed };
}

const play = (ordeal: Ordeal, seed: number): Promise<Round & { readonly ended: boolean }> =>
  ordeal.round(seed).then(
    (round) => ({ ...round, ended: true }),
    (error: unknown) => ({ told: 'it did not come to an end', problems: [String(error)], ended: false }),
  );

function summaryOf(problems: readonly string[]): string {
  if (problems.length === 0) return 'all well';
  const more = problems.length > TOLD ? ` and ${problems.length - TOLD} more` : '';
  return `${problems.slice(0, TOLD).join('; ')}${more}`;
}
