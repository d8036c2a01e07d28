import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

/**
 * `npm run chaos -- e2e [--seed N] [--only TEXT,TEXT]`: the end-to-end tests while the event node that they share is
 * killed and started again every few seconds. When it is killed is decided by the seed; what it is doing then is chance.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
});
if (positionals[0] !== 'e2e') {
  console.error(`There is no chaos for ${positionals[0] ?? 'nothing'}: e2e`);
  process.exit(1);
}

const Results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

const scratch = await mkdtemp(join(tmpdir(), 'taizhang-chaos-'));
const results = join(scratch, 'results.json');
const files = values.only.split(',').map((name) => `test/e2e/${name}`);
const jest = spawn(process.execPath, ['node_modules/jest/bin/jest.js', ...files, '--json', '--outputFile', results], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules', TAIZHANG_CHAOS_SEED: values.seed },
});
await once(jest, 'exit');
// A file that cannot even be loaded has no test to count, so it counts as one.
const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = await readFile(results, 'utf8').then(
  (text) => Results.parse(JSON.parse(text)),
  () => ({ numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 }),
);
await rm(scratch, { recursive: true });
const failed = numFailedTests + numRuntimeErrorTestSuites;
if (failed > 0) console.log(`again: npm run chaos -- e2e --seed ${values.seed}`);
console.log(`${numPassedTests} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
