import { expect, test } from '@jest/globals';
import { canonicalJson, contentHash } from './content-hash.js';

test('the order of fields and absent fields make no difference, the order of entries does', () => {
  expect(canonicalJson({ b: [2, { d: 4, c: 3 }], a: undefined })).toBe('{"b":[2,{"c":3,"d":4}]}');
  expect(contentHash({ a: 1, b: 2 })).toBe(contentHash({ b: 2, a: 1, c: undefined }));
  expect(contentHash({ a: [1, 2] })).not.toBe(contentHash({ a: [2, 1] }));
});

test('the hash is SHA-256 of the canonical text', () => {
  // printf '{"a":1}' | sha256sum
  expect(contentHash({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
});
