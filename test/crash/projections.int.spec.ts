import { expect, jest, test } from '@jest/globals';
import { crashProjections } from './projections.js';

jest.setTimeout(600_000);

test('after random kills of projector, event node and Postgres every table equals a fresh rebuild', async () => {
  expect(await crashProjections({ rounds: 10, seed: 20_261_127 })).toEqual({ passed: 10, failed: 0 });
});
