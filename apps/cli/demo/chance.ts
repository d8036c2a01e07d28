import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { v5 } from 'uuid';

const NAMESPACE = '6f1d3f2e-3a52-5f0c-8a2d-1f4b6c7d8e90';

/** Chance that a seed decides: the same seed tells the same story, with the same ids. */
export class Chance {
  private readonly generator;

  constructor(readonly seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** A whole number within the bounds, both included. */
  between(least: number, most: number): number {
    return uniformInt(this.generator, least, most);
  }

  /** True in `percent` of a hundred cases. */
  happens(percent: number): boolean {
    return this.between(1, 100) <= percent;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.between(0, choices.length - 1)] ?? choices[0];
  }

  /** The id of a thing that is named in this story. */
  id(kind: string, name: string | number): string {
    return v5(`${this.seed}/${kind}/${name}`, NAMESPACE);
  }
}
