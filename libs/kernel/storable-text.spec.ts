import { expect, test } from '@jest/globals';
import { unstorablePlace } from './index.js';

test.each<[unknown, string | undefined]>([
  [{ name: '李雷 👋' }, undefined],
  [{ name: 'a\0b' }, 'name'],
  [{ name: 'half \ud83d of a pair' }, 'name'],
  [{ parts: [{ text: 'fine' }, { text: '\udc4b' }] }, 'parts.1.text'],
  [{ table: { 'a\0': 1 } }, 'table.a\0'],
  ['\0', ''],
  [null, undefined],
  [7, undefined],
])('%j: %j', (value, place) => {
  expect(unstorablePlace(value)).toBe(place);
});
