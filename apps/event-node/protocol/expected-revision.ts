import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/revisions.js';

const LARGEST = 2n ** 63n - 1n;
const NO_STREAM_ON_THE_WIRE = 2n ** 64n - 1n;

/** An expected revision as a number of the wire: all ones mean that there must be no stream. */
export function expectedFromWire(revision: bigint): bigint {
  if (revision === NO_STREAM_ON_THE_WIRE) return NO_STREAM;
  if (revision > LARGEST)
    throw new Error("Specified argument was out of the range of valid values. (Parameter 'value')");
  return revision;
}

/** An expected revision by the names that every reply has a field for. */
export function expectationOf(expected: bigint): 'any' | 'noStream' | 'streamExists' | 'revision' {
  if (expected === ANY) return 'any';
  if (expected === NO_STREAM) return 'noStream';
  return expected === STREAM_EXISTS ? 'streamExists' : 'revision';
}
