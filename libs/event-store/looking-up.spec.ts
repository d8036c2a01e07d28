import { expect, test } from '@jest/globals';
import { atHand, awaited, lookedUp, type LookingUp } from './looking-up.js';

function* sum(first: LookingUp<number>, second: LookingUp<number>): LookingUp<number> {
  return (yield* first) + (yield* second);
}

const later = (value: number) => awaited(Promise.resolve(value));

test('what is at hand is found at once', () => {
  expect(lookedUp(sum(atHand(1), atHand(2)))).toBe(3);
});

test('what is not at hand is waited for, and only that', async () => {
  expect(lookedUp(sum(later(1), atHand(2)))).toBeInstanceOf(Promise);
  expect(await lookedUp(sum(later(1), atHand(2)))).toBe(3);
  expect(await lookedUp(sum(atHand(1), later(2)))).toBe(3);
  expect(await lookedUp(sum(later(1), later(2)))).toBe(3);
});

test('what fails on the way can be caught where it was waited for', async () => {
  function* orNothing(): LookingUp<number> {
    try {
      return yield* awaited(Promise.reject<number>(new Error('the store is gone')));
    } catch {
      return 0;
    }
  }
  expect(await lookedUp(sum(later(1), orNothing()))).toBe(1);
});

test('what fails on the way, and is not caught, fails the whole', async () => {
  const failing = awaited<number>(Promise.reject(new Error('the store is gone')));
  await expect(lookedUp(sum(later(1), failing))).rejects.toThrow('the store is gone');
});
