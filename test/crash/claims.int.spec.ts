import { expect, test } from '@jest/globals';
import { crashClaims } from './claims/index.js';

test('two hundred racing claims pass no daily limit and no holding cap, whatever is killed meanwhile', async () => {
  expect(await crashClaims({ rounds: 2, seed: 20_261_127 })).toEqual({ passed: 2, failed: 0 });
});
