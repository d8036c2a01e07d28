import { expect, test } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { IsOptional, validate } from 'class-validator';
import { Instant } from './command-fields.js';

class Sample {
  @IsOptional() @Instant() readonly at?: string;
}
const errorsOf = async (at: unknown) => (await validate(plainToInstance(Sample, { at }))).length;

test.each([
  ['2026-11-22T08:00:00+08:00', '2026-11-22T00:00:00.000Z'],
  ['2026-11-22T00:00Z', '2026-11-22T00:00:00.000Z'],
  ['2026-11-22T00:00:00.1234Z', '2026-11-22T00:00:00.123Z'],
])('%s is held in UTC', async (written, held) => {
  expect(plainToInstance(Sample, { at: written }).at).toBe(held);
  expect(await errorsOf(written)).toBe(0);
});

test('an absent instant stays absent', async () => {
  expect(plainToInstance(Sample, {}).at).toBeUndefined();
  expect(await errorsOf(undefined)).toBe(0);
});

test.each([
  '2026-11-22',
  '2026-11-22T08:00:00',
  '2026-02-30T08:00:00Z',
  '2017-02-30T00:00:00.000Z',
  '0000-01-01T00:00:00.000Z',
  '2026-W47-1T08:00:00Z',
  'soon',
  '',
  7,
])('%j is no instant', async (written) => expect(await errorsOf(written)).toBe(1));
