import { describe, expect, test } from '@jest/globals';
import { Frames } from './frames.js';
import { StreamMemory } from './stream-memory.js';

/** A frame that is recognised by its one byte. */
const frame = (mark: number, size = 1): Buffer => {
  const bytes = Buffer.alloc(5 + size, mark);
  bytes.writeUInt8(0);
  bytes.writeUInt32BE(size, 1);
  return bytes;
};
const framesOf = (...marks: number[]): Frames => Frames.of(marks.map((mark) => frame(mark)));
const marks = (frames: Frames | undefined): number[] | undefined =>
  frames && [...frames.events()].map((event) => event.frame[5] ?? NaN);

describe('the memory of streams', () => {
  test('holds what was read, and what was committed since', () => {
    const memory = new StreamMemory();
    memory.add('a', 0n, framesOf(0));
    for (const revision of [1, 2]) memory.append('a', BigInt(revision), frame(revision));
    expect(marks(memory.find('a', 0n, 2n))).toEqual([0, 1, 2]);
    expect(marks(memory.find('a', 2n, 2n))).toEqual([2]);
  });

  test('never gives a stream without its end', () => {
    const memory = new StreamMemory();
    memory.add('a', 0n, framesOf(0));
    expect(memory.find('a', 0n, 1n)).toBeUndefined();
    memory.append('a', 2n, frame(2));
    expect(memory.find('a', 0n, 2n)).toBeUndefined();
    memory.append('b', 0n, frame(0));
    expect(memory.find('b', 0n, 0n)).toBeUndefined();
  });

  test('goes on with what is committed to a stream that was read, page by page', () => {
    const memory = new StreamMemory();
    memory.add('a', 3n, framesOf(3, 4));
    memory.add('a', 5n, framesOf(5));
    memory.append('a', 6n, frame(6));
    expect(marks(memory.find('a', 4n, 6n))).toEqual([4, 5, 6]);
    expect(memory.find('a', 2n, 6n)).toBeUndefined();
  });

  test('is right again when a read brings what it missed', () => {
    const memory = new StreamMemory();
    memory.add('a', 0n, framesOf(0));
    memory.append('a', 5n, frame(5));
    memory.add('a', 0n, framesOf(0, 1));
    expect(marks(memory.find('a', 0n, 1n))).toEqual([0, 1]);
  });

  test('what a reader was given stays as it is while the stream grows', () => {
    const memory = new StreamMemory();
    memory.add('a', 0n, framesOf(0));
    const given = memory.find('a', 0n, 0n);
    for (let revision = 1; revision < 1000; revision++) memory.append('a', BigInt(revision), frame(revision % 256));
    expect(marks(given)).toEqual([0]);
    expect(memory.find('a', 0n, 999n)?.count).toBe(1000);
  });

  test('long streams are not remembered, and of short ones no more than there is memory for', () => {
    const memory = new StreamMemory(64 * 1024);
    memory.add('long', 0n, Frames.of([frame(1, 100_000)]));
    memory.append('long', 1n, frame(1, 100_000));
    expect(memory.find('long', 0n, 1n)).toBeUndefined();
    for (let stream = 0; stream < 1000; stream++) memory.add(`short-${stream}`, 0n, Frames.of([frame(1, 900)]));
    const remembered = Array.from({ length: 1000 }, (_, stream) => memory.find(`short-${stream}`, 0n, 0n));
    expect(remembered.filter((found) => found !== undefined).length).toBeLessThan(64);
    expect(remembered.at(-1)).toBeDefined();
  });
});
