import { expect, test } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import { aggregates } from '#crm';
import { type Command, isCertainlySound, plainInstance } from '#event-store';
import { fc } from './draws.js';

const classes = aggregates.flatMap(({ commands }) => Object.values(commands));
const fieldsOf = (type: new () => Command): string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];

const ID = '7C9E6679-7425-40DE-944B-E07FC1F90AE7';
const WORDS = [
  '王芳',
  '',
  '   ',
  'a word',
  'no_need',
  'phone',
  'CNY',
  '+86 138 0000 0000',
  'fang@example.cn',
  'x'.repeat(501),
];
const MOMENTS = ['2026-11-22', '2026-11-22T08:00:00+08:00', '2026-11-22T00:00:00.000Z', '2026-02-30T00:00:00.000Z'];
const plain = fc.constantFrom(ID, ID.toLowerCase(), ...WORDS, ...MOMENTS, 0, 1, -1, 0.5, true, false, null, undefined);
const parts = fc.constantFrom<unknown>({}, [], [ID], { amount: 1, currency: 'CNY' }, { code: 'no_need' }, [null]);

/** A command class, with fields that are right, wrong, unknown or missing. */
const written = fc.constantFrom(...classes).chain((type) => {
  const names = fc.constantFrom(...fieldsOf(type), 'unheardOf', 'issuedBy', 'constructor');
  const value = fc.oneof({ weight: 9, arbitrary: plain }, parts);
  const ids = Object.fromEntries(
    fieldsOf(type)
      .filter((name) => name.endsWith('Id'))
      .map((name) => [name, ID]),
  );
  return fc
    .tuple(fc.constantFrom(ids, {}), fc.dictionary(names, value, { noNullPrototype: true, maxKeys: 6 }))
    .map(([sound, drawn]) => ({ type, fields: { ...sound, ...drawn } }));
});
const strictly = { whitelist: true, forbidNonWhitelisted: true };

test('a plain command is what class-transformer makes of its fields', () => {
  fc.assert(
    fc.property(written, ({ type, fields }) => {
      const instance = plainInstance(type, fields);
      if (instance) expect(instance).toStrictEqual(plainToInstance(type, fields));
    }),
    { numRuns: 2_000 },
  );
});

test('what is certainly sound, class-validator finds nothing wrong with', () => {
  let sound = 0;
  fc.assert(
    fc.property(written, ({ type, fields }) => {
      const command = plainToInstance(type, fields);
      const isPlain = Object.values(command).every((value) => typeof value !== 'object' || value === null);
      const problems = validateSync(command, strictly).length;
      // Of plain commands it is told exactly; the others are left to class-validator.
      expect(isCertainlySound(command)).toBe(isPlain && problems === 0);
      if (isPlain && problems === 0) sound++;
    }),
    { numRuns: 2_000 },
  );
  expect(sound).toBeGreaterThan(50);
});
