import { expect, test } from '@jest/globals';
import type { LogEvent } from '../log/log-event.js';
import { checkpoint } from '../protocol/read-replies.js';
import { Checkpoints } from './checkpoints.js';

const at = (position: bigint): LogEvent => ({
  position,
  stream: 's',
  revision: 0n,
  type: 't',
  frame: Buffer.alloc(0),
});

test('a page without a match is told by where it began: the first of the log at 0', () => {
  const checkpoints = new Checkpoints(1, 1);
  checkpoints.beginAtStart();
  expect(checkpoints.inHistory(at(548n), false)).toEqual(checkpoint(0n, 0n));
  expect(checkpoints.inHistory(at(700n), false)).toEqual(checkpoint(700n, 0n));
  expect(checkpoints.inHistory(at(900n), true)).toEqual(checkpoint(900n, 900n));
});
