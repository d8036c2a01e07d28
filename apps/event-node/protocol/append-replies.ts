import { frameOf, type MessageWriter } from '#protobuf';
import { NONE } from '../log/revisions.js';
import { expectationOf } from './expected-revision.js';

const ALL_ONES = 2n ** 64n - 1n;

/** Success of Append and BatchAppend: the same fields in both. */
export function writeSuccess(to: MessageWriter, lastRevision: bigint, position: bigint | undefined): void {
  if (lastRevision === NONE) to.empty(2);
  else to.uint(1, lastRevision);
  if (position === undefined) to.empty(4);
  else {
    to.message(3, () => {
      writePosition(to, position, position);
    });
  }
}

export function writePosition(to: MessageWriter, commit: bigint, prepare: bigint): void {
  to.uintUnlessZero(1, commit);
  to.uintUnlessZero(2, prepare);
}

export const appendSuccess = (lastRevision: bigint, position: bigint | undefined): Buffer =>
  frameOf((to) => {
    to.message(1, () => {
      writeSuccess(to, lastRevision, position);
    });
  });

/** A refused Append is a reply, not an error; it says everything twice, for clients before and after 20.6. */
export const appendWrongRevision = (current: bigint, expected: bigint): Buffer =>
  frameOf((to) => {
    to.message(2, () => {
      writeWrongRevision(to, current, expected);
    });
  });

function writeWrongRevision(to: MessageWriter, current: bigint, expected: bigint): void {
  const expectation = expectationOf(expected);
  if (current === NONE) to.empty(2);
  else to.uint(1, current);
  if (expectation === 'any') to.empty(4);
  else if (expectation === 'streamExists') to.empty(5);
  else to.uint(3, expectation === 'noStream' ? ALL_ONES : expected);
  if (current === NONE) to.empty(7);
  else to.uint(6, current);
  if (expectation === 'revision') to.uint(8, expected);
  else to.empty({ any: 9, streamExists: 10, noStream: 11 }[expectation]);
}

/** The reply of Delete and Tombstone. */
export const deleteReply = (position: bigint): Buffer =>
  frameOf((to) => {
    to.message(1, () => {
      writePosition(to, position, position);
    });
  });
