import { expect, test } from '@jest/globals';
import { crashCommands } from './commands/index.js';

// The ten thousand of `npm run crash -- commands` take their time; these go the same ways.
test('commands sent three times each, in random order, over connections that break: every one exactly once', async () => {
  expect(await crashCommands({ rounds: 1, seed: 20_261_127 }, 400)).toEqual({ passed: 1, failed: 0 });
});
