import { expect, test } from '@jest/globals';
import { testStack } from '../stack/index.js';
import { simulate } from './simulate.js';

const stack = await testStack();

test('over simulated weeks every record is warned and recycled when the rules say so, and only then', async () => {
  const checks = await simulate({ days: 20, seed: 20_261_127 }, stack);
  expect(checks.filter(({ problems }) => problems.length > 0)).toEqual([]);
});
