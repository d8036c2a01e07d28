import { expect, test } from '@jest/globals';
import { contradictions, type Attempt, type FoundEvent } from './attempts.js';

const event = (id: string) => ({ id, type: 'Written', data: { id }, metadata: {} });
const place = (commit: bigint) => ({ commit, prepare: commit });
const found = (id: string, revision: bigint, position: bigint, stream = 's'): FoundEvent => ({
  id,
  stream,
  revision,
  position,
  data: { id },
});

const attempts: readonly Attempt[] = [
  { stream: 's', expected: 'no_stream', events: [event('a')], outcome: { revision: 0n, position: place(1n) } },
  { stream: 's', expected: 0n, events: [event('b'), event('c')], outcome: { revision: 2n, position: place(3n) } },
  { stream: 's', expected: 0n, events: [event('d')], outcome: 'refused' },
  { stream: 's', expected: 2n, events: [event('e'), event('f')], outcome: 'unknown' },
];
const log = [
  found('a', 0n, 1n),
  found('b', 1n, 2n),
  found('c', 2n, 3n),
  found('e', 3n, 4n),
  found('f', 4n, 5n),
] as const;
const [a, b, c, e, f] = log;
const problemsOf = (other: {
  log?: readonly FoundEvent[];
  before?: readonly FoundEvent[];
  followed?: readonly FoundEvent[];
}) => contradictions({ attempts, log, before: [], followed: other.log ?? log, ...other });

test('a log in which everything is as it was told has no contradictions', () => {
  expect(problemsOf({ before: [a, b, c] })).toEqual([]);
  expect(problemsOf({ log: [a, b, c] })).toEqual([]);
});

test.each([
  ['an acknowledged event that is lost', [a, b], /acknowledged, yet 1 are lost/],
  ['one that is doubled', [a, b, c, found('c', 3n, 4n)], /doubled/],
  ['a batch written by half', [a, b, c, e], /half-written, 1 are there/],
  ['a refused one that is there', [a, found('d', 1n, 2n)], /refused, yet 1 are there/],
  ['one that nobody asked for', [a, b, c, found('x', 3n, 4n)], /never asked for/],
  ['one at another place', [a, b, c, found('f', 3n, 4n), found('e', 4n, 5n)], /event 0 lies at s@4/],
  ['one in another stream', [a, b, c, found('e', 0n, 4n, 't'), found('f', 1n, 5n, 't')], /event 0 lies at t@0/],
  ['one with other data', [{ ...a, data: {} }, b, c], /s@0: other data/],
  ['one at another position than was told', [a, b, found('c', 2n, 9n)], /acknowledged at 3, found at 9/],
  ['a position that was used before', [a, b, c, e, found('f', 4n, 4n)], /position 4 after 4/],
  ['a gap in a stream', [a, b, c, found('e', 4n, 4n), found('f', 5n, 5n)], /3 is missing/],
])('%s is found', (_, changed, problem) => {
  expect(problemsOf({ log: changed })).toContainEqual(expect.stringMatching(problem));
});

test('what a reader or a subscriber saw before must be there still, in the same order', () => {
  expect(problemsOf({ before: [b, a] })).toContainEqual(expect.stringMatching(/read before: event 0 was s@1, now s@0/));
  expect(problemsOf({ log: [a, b, c], before: log })).toContainEqual(expect.stringMatching(/5 events, now 3/));
  expect(problemsOf({ followed: [a, b, c, f] })).toContainEqual(expect.stringMatching(/event 3 was s@4, now s@3/));
});
