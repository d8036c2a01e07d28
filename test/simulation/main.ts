import { parseArgs } from 'node:util';
import { removeEmbeddedStack, removeLeftovers, startEmbeddedStack, temporaryFolder } from '#embedded';
import { simulate } from './simulate.js';

const FOLDERS = 'taizhang-simulation';
const TOLD = 5;

/** `npm run simulate -- [--days N] [--seed N]`: lets days pass under a virtual clock and compares what happened with the rules. */
const { values } = parseArgs({
  options: { days: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
await removeLeftovers(FOLDERS);
const folder = temporaryFolder(FOLDERS);
const stack = await startEmbeddedStack({ folder });
let [passed, failed] = [0, 0];
try {
  const start = performance.now();
  const days = Number(values.days);
  for (const { statement, problems } of await simulate({ days, seed: Number(values.seed) }, stack)) {
    if (problems.length === 0) passed++;
    else failed++;
    console.log(`${problems.length === 0 ? 'yes' : 'NO '} ${statement}`);
    for (const problem of problems.slice(0, TOLD)) console.log(`      ${problem}`);
  }
  console.log(`${days} days, played twice, in ${((performance.now() - start) / 1000).toFixed(1)} s`);
} finally {
  await stack.stop();
  await removeEmbeddedStack(folder);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
