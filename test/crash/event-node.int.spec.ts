import { expect, jest, test } from '@jest/globals';
import { crashEventNode } from './event-node.js';

jest.setTimeout(600_000);

test('after random kills of the event node and its Postgres every acknowledged event is there, once and in order', async () => {
  expect(await crashEventNode({ rounds: 10, seed: 20_261_127 })).toEqual({ passed: 10, failed: 0 });
});
