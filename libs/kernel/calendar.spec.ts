import { expect, test } from '@jest/globals';
import { instantInUtc, isDay } from './index.js';

test.each(['2026-11-22', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is a day', (text) => {
  expect(isDay(text)).toBe(true);
});

test.each([
  '2017-02-29',
  '1900-02-29',
  '2026-02-30',
  '2026-04-31',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '0000-01-01',
  '26-1-1',
])('%s is none', (text) => {
  expect(isDay(text)).toBe(false);
});

test.each([
  ['2026-11-22T08:00:00+08:00', '2026-11-22T00:00:00.000Z'],
  ['2024-02-29T23:59Z', '2024-02-29T23:59:00.000Z'],
  ['0001-01-01T08:00:00+08:00', '0001-01-01T00:00:00.000Z'],
])('%s is %s', (text, inUtc) => {
  expect(instantInUtc(text)).toBe(inUtc);
});

test.each([
  '2017-02-30T00:00:00Z',
  '2026-11-22T24:00:00Z',
  '2026-11-22T10:60:00Z',
  '2026-11-22T10:00:60Z',
  '2026-11-22T10:00:00+24:00',
  '0001-01-01T00:00:00+08:00',
  '9999-12-31T23:00:00-08:00',
  '0000-06-01T00:00:00Z',
])('%s is no moment that there is', (text) => {
  expect(instantInUtc(text)).toBeUndefined();
});
