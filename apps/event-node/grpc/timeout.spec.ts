import { expect, test } from '@jest/globals';
import { timeoutOf } from './timeout.js';

test.each([
  ['2S', 2_000],
  ['700m', 700],
  ['1H', 3_600_000],
  ['123456789n', 123.456789],
  ['0000000090S', 90_000],
])('%s is a time', (header, milliseconds) => {
  expect(timeoutOf(header)).toBeCloseTo(milliseconds);
});

test.each(['99n', '1n', '0S', '0n', '5', 'S', '-1S', '1.5S', '5s', '2147483648m', ''])('%s is no limit', (header) => {
  expect(timeoutOf(header)).toBeUndefined();
});

test('a call has a moment for what is ready at once, and no longer than a timer can count', () => {
  expect(timeoutOf('100n')).toBe(50);
  expect(timeoutOf('1u')).toBe(50);
  expect(timeoutOf('99999999H')).toBe(2 ** 31 - 1);
});

test('a header that is missing or that came twice is no limit', () => {
  expect(timeoutOf(undefined)).toBeUndefined();
  expect(timeoutOf(['1S', '2S'])).toBeUndefined();
});
