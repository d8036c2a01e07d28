import { expect, test } from '@jest/globals';
import { BlockMemory } from './block-memory.js';
import { Frames } from './frames.js';

const KIB = 1024;

function memoryOf(mostBytes: number): { memory: BlockMemory; loaded: bigint[] } {
  const loaded: bigint[] = [];
  const load = (number: bigint): Promise<Frames> => {
    loaded.push(number);
    return Promise.resolve(new Frames(Buffer.alloc(KIB)));
  };
  return { memory: new BlockMemory(load, mostBytes), loaded };
}

test('a block is loaded once, also for readers that come together', async () => {
  const { memory, loaded } = memoryOf(10 * KIB);
  const [first, second] = await Promise.all([memory.get(1n), memory.get(1n)]);
  expect(second).toBe(first);
  expect(memory.get(1n)).toBe(first);
  expect(loaded).toEqual([1n]);
});

test('it takes no more memory than it may: the block used longest ago goes', async () => {
  const { memory, loaded } = memoryOf(4 * KIB);
  for (const number of [1n, 2n, 3n, 1n, 4n, 1n]) await memory.get(number);
  expect(loaded).toEqual([1n, 2n, 3n, 4n]);
  expect([1n, 2n, 3n, 4n].map((number) => memory.has(number))).toEqual([true, false, true, true]);
});

test('a block that could not be read is asked for again', async () => {
  let fails = true;
  const memory = new BlockMemory(() =>
    fails ? Promise.reject(new Error('away')) : Promise.resolve(new Frames(Buffer.alloc(KIB))),
  );
  await expect(memory.get(1n)).rejects.toThrow('away');
  fails = false;
  await expect(memory.get(1n)).resolves.toBeInstanceOf(Frames);
});
