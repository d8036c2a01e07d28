import { expect, test } from '@jest/globals';
import { canonicalId } from './uuid.js';

const ID = 'e0000000-0000-4000-8000-00000000000a';
const DIGITS = ID.replaceAll('-', '');

test.each([
  ID,
  ID.toUpperCase(),
  `  ${ID}\n`,
  DIGITS,
  `{${ID}}`,
  `(${ID})`,
  '{0xe0000000,0x0000,0x4000,{0x80,0x00,0x00,0x00,0x00,0x00,0x00,0x0a}}',
  '{ 0xE0000000, 0x0, 0x4000, {0x80,0x0,0x0,0x0,0x0,0x0,0x0,0xA} }',
])('%j is an id', (text) => {
  expect(canonicalId(text)).toBe(ID);
});

const LENGTH = 'Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).';
const LETTERS = 'Guid string should only contain hexadecimal characters.';

test.each([
  ['', 'Unrecognized Guid format.'],
  ['nope', 'Unrecognized Guid format.'],
  ['zzzzzzzz-zzzz-4zzz-8zzz-zzzzzzzzzzzz', LETTERS],
  ['z'.repeat(32), LETTERS],
  [ID.slice(1), LENGTH],
  [`${ID}0`, LENGTH],
  [ID.replaceAll('-', '_'), LENGTH],
  [`urn:uuid:${ID}`, LENGTH],
  [`{${ID}`, LENGTH],
  [`(${ID}}`, LENGTH],
  ['e0000000-00004-000-8000-00000000000a', 'Dashes are in the wrong position for GUID parsing.'],
  [`{${DIGITS}}`, 'Expected 0x prefix.'],
])('%j is refused as .NET refuses it', (text, why) => {
  expect(() => canonicalId(text)).toThrow(why);
});
