import { parseArgs } from 'node:util';
import type { Crashes } from './rounds.js';

/** What can be put to the test, each loaded when it is. */
const ordeals: Readonly<
  Record<string, () => Promise<(options: { rounds: number; seed: number }) => Promise<Crashes>>>
> = {
  claims: async () => (await import('./claims/index.js')).crashClaims,
  commands: async () => (await import('./commands/index.js')).crashCommands,
  'event-node': async () => (await import('./event-node.js')).crashEventNode,
  projections: async () => (await import('./projections.js')).crashProjections,
};

/** `npm run crash -- <what> [--rounds N] [--seed N]`: kills parts of a running system at random and proves that nothing was lost. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const [what = 'nothing'] = positionals;
const load = ordeals[what];
if (load === undefined) {
  console.error(`There is no crash test of ${what}: ${Object.keys(ordeals).join(', ')}`);
  process.exit(1);
}
const { passed, failed } = await (await load())({ rounds: Number(values.rounds), seed: Number(values.seed) });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
