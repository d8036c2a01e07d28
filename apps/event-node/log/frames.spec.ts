import { expect, test } from '@jest/globals';
import { encodeEventFrame } from '../protocol/event-frame.js';
import { Frames } from './frames.js';

const frame = (revision: number): Buffer =>
  encodeEventFrame({
    id: '0b1e5c0a-6f0e-4b59-9a58-5c9a3f6f7a11',
    stream: 'a',
    revision: BigInt(revision),
    position: BigInt(100 * revision),
    created: 0n,
    type: 'Written',
    json: false,
    metadata: Buffer.alloc(0),
    data: Buffer.alloc(revision * 50),
  });

const frames = Frames.of(Array.from({ length: 10 }, (_, revision) => frame(revision)));
const revisions = (of: Frames): number[] => [...of.events()].map(({ revision }) => Number(revision));

test('frames are found by their own lengths', () => {
  expect(frames.count).toBe(10);
  expect(revisions(frames)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(frames.first?.revision).toBe(0n);
  expect(frames.last?.revision).toBe(9n);
});

test('a slice is a part of the same memory', () => {
  expect(revisions(frames.slice(2, 5))).toEqual([2, 3, 4]);
  expect(revisions(frames.slice(8))).toEqual([8, 9]);
  expect(revisions(frames.slice(0, 99))).toEqual(revisions(frames));
  expect(revisions(frames.slice(10))).toEqual([]);
  expect(frames.slice(2, 5).bytes.buffer).toBe(frames.bytes.buffer);
});

test('events since a position, be it that of an event or between two', () => {
  expect(revisions(frames.since(0n))).toEqual(revisions(frames));
  expect(revisions(frames.since(700n))).toEqual([7, 8, 9]);
  expect(revisions(frames.since(701n))).toEqual([8, 9]);
  expect(revisions(frames.since(901n))).toEqual([]);
});

test('nothing has no events', () => {
  expect(Frames.NONE.count).toBe(0);
  expect(Frames.NONE.first).toBeUndefined();
  expect(Frames.NONE.last).toBeUndefined();
  expect(revisions(Frames.NONE.since(1n))).toEqual([]);
});
