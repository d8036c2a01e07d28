/** One figure of a bench, as `--json` prints it. */
export interface Measure {
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with, in the same unit; null where only an absolute makes sense. */
  readonly reference: number | null;
  readonly ratio: number | null;
  /** The bound: `>= 0.8` for ratios, `<= 100` for absolutes; null for a figure that is only reported. */
  readonly target: string | null;
  readonly ok: boolean;
}

export type Measures = Readonly<Record<string, Measure>>;
export type Say = (line: string) => void;

/** One thing to be timed: does its work once and answers its figure, such as events per second. */
export interface Contender {
  readonly name: string;
  readonly run: () => Promise<number>;
}

/** Runs all contenders in turn, round after round (A B C A B C …), and answers the median figure of each. */
export async function interleaved(
  contenders: readonly Contender[],
  rounds: number,
  say: Say,
): Promise<ReadonlyMap<string, number>> {
  const figures = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, run } of contenders) {
      const figure = await run();
      figures.get(name)?.push(figure);
      say(`round ${round} of ${rounds}: ${name} ${rounded(figure)}`);
    }
  }
  return new Map([...figures].map(([name, values]) => [name, median(values)]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** A value as a share of its reference, which it must reach; without `atLeast` it is only reported. */
export function ratioOf(value: number, reference: number, unit: string, atLeast?: number): Measure {
  const ratio = value / reference;
  return {
    value: rounded(value),
    unit,
    reference: rounded(reference),
    ratio: rounded(ratio),
    target: atLeast === undefined ? null : `>= ${atLeast}`,
    ok: atLeast === undefined || ratio >= atLeast,
  };
}

/** A value that stands for itself, such as a latency; without `atMost` it is only reported. */
export const absolute = (value: number, unit: string, atMost?: number): Measure => ({
  value: rounded(value),
  unit,
  reference: null,
  ratio: null,
  target: atMost === undefined ? null : `<= ${atMost}`,
  ok: atMost === undefined || value <= atMost,
});

/** Three significant digits are more than a bench can tell. */
const rounded = (value: number): number => Number(value.toPrecision(value >= 1_000 ? 6 : 3));
