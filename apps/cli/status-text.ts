import Table from 'cli-table3';
import colour from 'picocolors';
import type { Lag } from '#read-store';

/** A table whose lines stand close together. */
export const statusTable = (columns: Readonly<Record<string, 'left' | 'right'>>) =>
  new Table({
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    head: Object.keys(columns).map(colour.bold),
    colAligns: Object.values(columns),
  });

export function behind({ events, isAtLeast, seconds }: Lag): string {
  if (events === 0) return colour.green('nothing');
  return colour.yellow(`${isAtLeast ? 'over ' : ''}${events} events, ${seconds.toFixed(1)} s`);
}

export const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Where in our own code it failed; `--json` has the whole stack. */
export const ownLines = (stack: string | null): readonly string[] =>
  (stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at ') && !/node_modules|node:/.test(line))
    .slice(0, 3);

/** A moment without its fractions. */
export const shortTime = (moment: string | null | undefined): string => moment?.replace(/\.\d+Z$/, 'Z') ?? '—';

/** The host and process of a lease. */
export const shortHolder = (holder: string | null | undefined): string =>
  holder?.replace(/:[^:]*$/, '') ?? colour.yellow('nobody');
