import { randomUUID } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** One command of the claim workload: a rep claims a lead, or gives it back. */
export interface Turn {
  readonly lead: number;
  /** How many turns this lead had before: its stream is at this revision, and an even one is a claim. */
  readonly nth: number;
}

const LEADS = 5_000;
const TURNS = 10_000;
const SEED = 20_261_127;

/** 10,000 commands, pseudo-randomly over 5,000 leads; the same ones in every run. */
export const turns: readonly Turn[] = (() => {
  const random = xoroshiro128plus(SEED);
  const played = new Array<number>(LEADS).fill(0);
  return Array.from({ length: TURNS }, () => {
    const lead = uniformInt(random, 0, LEADS - 1);
    const nth = played[lead] ?? 0;
    played[lead] = nth + 1;
    return { lead, nth };
  });
})();

/** Leads that nobody has used yet, those that these turns need. */
export class Leads {
  private readonly byNumber: ReadonlyMap<number, string>;

  constructor(turns: readonly Turn[]) {
    this.byNumber = new Map(turns.map(({ lead }) => [lead, randomUUID()]));
  }

  get ids(): readonly string[] {
    return [...this.byNumber.values()];
  }

  /** The lead of a turn. */
  of({ lead }: Turn): string {
    const id = this.byNumber.get(lead);
    if (id === undefined) throw new Error(`there is no lead ${lead}`);
    return id;
  }
}

/** What a run of the workload took. */
export interface Pace {
  readonly perSecond: number;
  /** What this process computed for one command, in microseconds. */
  readonly cpu: number;
}

/** Plays the turns, so many at a time; those of one lead one after the other, as its rep waits for an answer. */
export async function play(
  turns: readonly Turn[],
  concurrency: number,
  act: (turn: Turn) => Promise<unknown>,
): Promise<Pace> {
  const before = new Map<number, Promise<unknown>>();
  const next = turns.values();
  const worker = async (): Promise<void> => {
    for (const turn of next) {
      const mine = (before.get(turn.lead) ?? Promise.resolve()).then(() => act(turn));
      before.set(turn.lead, mine);
      await mine;
    }
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (turns.length / elapsed) * 1_000, cpu: (user + system) / turns.length };
}

/** Does this for each, 64 at a time: what comes before the clock runs. */
export async function forEach<T>(values: readonly T[], act: (value: T) => Promise<unknown>): Promise<void> {
  const next = values.values();
  const worker = async (): Promise<void> => {
    for (const value of next) await act(value);
  };
  await Promise.all(Array.from({ length: 64 }, worker));
}
