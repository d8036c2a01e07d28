/** .NET counts time in ticks of 100 nanoseconds: what is shorter is no time at all, and no time is no limit. */
const TICKS_PER_MILLISECOND = 10_000;
const UNITS: Readonly<Record<string, number>> = { H: 36e9, M: 6e8, S: 1e7, m: 1e4, u: 10, n: 0.01 };
const LARGEST_AMOUNT = 2 ** 31 - 1;

/** What is ready at once is given even to a caller whose time is up on arrival. */
const SHORTEST = 50;
const LONGEST = 2 ** 31 - 1;

/** Milliseconds of a grpc-timeout header; undefined when there is none, or none that can be read. */
export function timeoutOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const [, amount = '', unit = ''] = /^(\d+)([HMSmun])$/.exec(header) ?? [];
  const ticks = Number(amount) * (UNITS[unit] ?? 0);
  if (Number(amount) > LARGEST_AMOUNT || ticks < 1) return undefined;
  return Math.min(Math.max(ticks / TICKS_PER_MILLISECOND, SHORTEST), LONGEST);
}
