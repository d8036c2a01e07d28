import { expect, test } from '@jest/globals';
import { awaited, lookedUp, type LookingUp } from './looking-up.js';

function* sum(first: LookingUp<number>, second: LookingUp<number>): LookingUp<number> {
  return (yield* first) + (yield* second);
}

function* atHand(value: number): LookingUp<number> {
  return value;
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

test('what fails on the way fails the whole', async () => {
  const failing = awaited<number>(Promise.reject(new Error('the store is gone')));
  await expect(lookedUp(sum(later(1), failing))).rejects.toThrow('the store is gone');
});
