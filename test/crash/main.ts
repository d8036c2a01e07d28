import { parseArgs } from 'node:util';

/** `npm run crash -- <what> [--rounds N] [--seed N]`: kills parts of a running system at random and proves that nothing was lost. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const [what = 'nothing'] = positionals;
const options = { rounds: Number(values.rounds), seed: Number(values.seed) };

switch (what) {
  case 'projections': {
    const { crashProjections } = await import('./projections.js');
    const { passed, failed } = await crashProjections(options);
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
    break;
  }
  default:
    console.error(`There is no crash test of ${what}: projections`);
    process.exitCode = 1;
}
process.exit();
