const UNITS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** What is ready at once is given even to a caller whose time is up on arrival. */
const SHORTEST = 50;
const LONGEST = 2 ** 31 - 1;

/** Milliseconds of a grpc-timeout header; undefined when there is none, or none that can be read. */
export function timeoutOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(header);
  if (!match) return undefined;
  const [, amount = '', unit = ''] = match;
  const milliseconds = Number(amount) * (UNITS[unit] ?? 0);
  if (milliseconds === 0) return undefined;
  return Math.min(Math.max(milliseconds, SHORTEST), LONGEST);
}
