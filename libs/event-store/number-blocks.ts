import { type Numbers, numberAt } from './numbers.js';

/** Places of a series on one day, from the first to the last. */
export interface NumberBlock {
  readonly first: number;
  readonly last: number;
}

export interface NumberBlocksOptions {
  /** Takes the next block of a series on a day, such as `L-20261121`, which nobody else has or will have. */
  readonly takeBlock: (seriesOfDay: string) => Promise<NumberBlock>;
  /** The local day of a moment: `20261121`. */
  readonly dayOf: (moment: string) => string;
}

/** What is left of a block. What a process has not given when it ends, nobody gives: a gap. */
interface Rest {
  readonly seriesOfDay: string;
  next: number;
  readonly last: number;
}

/** Gives numbers out of blocks, so that a series is written to once a block, not once a number. */
export class NumberBlocks implements Numbers {
  private readonly rests = new Map<string, Promise<Rest>>();

  constructor(private readonly options: NumberBlocksOptions) {}

  async next(series: string, now: string): Promise<string> {
    const seriesOfDay = `${series}-${this.options.dayOf(now)}`;
    for (let taken = this.rests.get(series); ; taken = this.rests.get(series)) {
      const rest = await taken;
      if (rest?.seriesOfDay === seriesOfDay && rest.next <= rest.last) return numberAt(seriesOfDay, rest.next++);
      // Of all who wait for the same block, the first takes another for all.
      if (this.rests.get(series) === taken) this.rests.set(series, this.take(series, seriesOfDay));
    }
  }

  private async take(series: string, seriesOfDay: string): Promise<Rest> {
    try {
      const { first, last } = await this.options.takeBlock(seriesOfDay);
      return { seriesOfDay, next: first, last };
    } catch (error) {
      // Those who wait for it fail with it; whoever comes next tries again.
      this.rests.delete(series);
      throw error;
    }
  }
}
