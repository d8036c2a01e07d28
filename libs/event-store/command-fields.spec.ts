import { expect, test } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { IsOptional, validate } from 'class-validator';
import { Amount, Currency, Day, Id, Ids, NonNegativeAmount, Part, Parts, Text, Whole } from './index.js';

class Entry {
  @Whole(1) readonly count!: number;
}

class Sample {
  @Part(() => NonNegativeAmount) readonly price!: NonNegativeAmount;
  @Parts(() => Entry) readonly entries!: Entry[];
  @Currency() readonly currency!: string;
  @IsOptional() @Text(5) readonly name?: string;
  @IsOptional() @Day() readonly day?: string;
  @IsOptional() @Id() readonly owner?: string;
  @IsOptional() @Ids(2) readonly members?: string[];
  @IsOptional() @Part(() => Amount) readonly adjustment?: Amount;
}

const good = { price: { amount: 0, currency: 'CNY' }, entries: [{ count: 1 }], currency: 'CNY' };
const badFields = async (fields: object) =>
  (await validate(plainToInstance(Sample, fields))).map(({ property }) => property);

test('good fields pass', async () => {
  expect(
    await badFields({ ...good, name: ' 王 芳 ', day: '2024-02-29', adjustment: { amount: -1, currency: 'CNY' } }),
  ).toEqual([]);
});

test('an id is one however it is spelt', () => {
  const spelt = 'AAAAAAAA-0000-4000-8000-00000000000A';
  const { owner, members } = plainToInstance(Sample, { ...good, owner: spelt, members: [spelt] });
  expect([owner, members]).toEqual([spelt.toLowerCase(), [spelt.toLowerCase()]]);
});

test.each<[string, object]>([
  ['price', { price: undefined }],
  ['price', { price: [] }],
  ['price', { price: 'free' }],
  ['price', { price: { amount: -1, currency: 'CNY' } }],
  ['price', { price: { amount: 0.5, currency: 'CNY' } }],
  ['entries', { entries: undefined }],
  ['entries', { entries: { count: 1 } }],
  ['entries', { entries: [{ count: 0 }] }],
  ['entries', { entries: [null] }],
  ['currency', { currency: 'cny' }],
  ['name', { name: '' }],
  ['name', { name: ' \t\n' }],
  ['name', { name: '\u3000\u00a0' }],
  ['name', { name: 'too long' }],
  ['name', { name: 7 }],
  ['day', { day: '2026-02-29' }],
  ['day', { day: '2026-11-22T00:00:00Z' }],
  ['day', { day: '0000-01-01' }],
  ['currency', { currency: 'XQZ' }],
  ['members', { members: ['1'] }],
  ['members', { members: 'none' }],
])('a bad %s is named: %j', async (field, change) => {
  expect(await badFields({ ...good, ...change })).toEqual([field]);
});
