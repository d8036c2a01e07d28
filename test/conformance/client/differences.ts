import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Difference } from '../symbols.js';

const known = z.object({
  differences: z.array(
    z.object({ call: z.string(), path: z.string(), kurrent: z.unknown(), cases: z.array(z.string()) }),
  ),
});

const IN_A_LIST = /(\.length|\[\d+\])/;

/** In what the second client was seen to differ from the first on a real server: `client-differences.json`. */
const { differences } = known.parse(
  JSON.parse(readFileSync(new URL('../client-differences.json', import.meta.url), 'utf8')),
);

/** What is left of the differences of a case once those are taken away that the second client makes anywhere. */
export const beyondTheClient = (name: string, found: readonly Difference[]): Difference[] =>
  found.filter((one) => !isKnown(name, one));

function isKnown(name: string, { at, now }: Difference): boolean {
  const [, call = '', path = ''] = /^step \d+ (\S+) (.*)$/.exec(at) ?? [];
  return differences.some((one) => {
    if (one.call !== call) return false;
    const [list] = one.path.split(IN_A_LIST);
    // Of a list that came out longer or shorter only the case tells.
    const isInList = one.path.endsWith('.length') && path.startsWith(`${list}[`);
    if (isInList) return one.cases.some((step) => step.startsWith(`${name} `));
    return one.path === path && (path === 'took' || JSON.stringify(one.kurrent) === JSON.stringify(general(now)));
  });
}

/** Positions and ids as that file writes them. */
function general(value: unknown): unknown {
  const written = JSON.stringify(value).replace(/"@@\d+"/g, '"(a position)"');
  return JSON.parse(written) as unknown;
}
