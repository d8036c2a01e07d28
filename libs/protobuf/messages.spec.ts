import { expect, test } from '@jest/globals';
import { fc } from '../../test/draws.js';
import { MessageReader, messageOf, tagOf } from './index.js';

test('numbers of any size come back as they were written', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      (large, signed) => {
        const reader = new MessageReader(
          messageOf((to) => {
            to.uint(1, large);
            to.uint(2, signed);
          }),
        );
        expect([reader.tag(), reader.uint64()]).toEqual([tagOf(1, 0), large]);
        expect([reader.tag(), reader.int64(), reader.tag()]).toEqual([tagOf(2, 0), signed, 0]);
      },
    ),
  );
});

test('parts within parts come back, however long, whatever stands between them', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.uint8Array({ maxLength: 20_000 }),
      (text, bytes) => {
        const written = messageOf((to) => {
          to.message(20, () => {
            to.text(1, text);
            to.empty(2);
            to.bytes(3, bytes);
          });
        });
        const outer = new MessageReader(written);
        expect(outer.tag()).toBe(tagOf(20, 2));
        const inner = outer.message();
        expect([inner.tag(), inner.text()]).toEqual([tagOf(1, 2), text]);
        inner.skip(inner.tag());
        expect([inner.tag(), Buffer.compare(inner.bytes(), bytes), inner.tag()]).toEqual([tagOf(3, 2), 0, 0]);
        expect(outer.offset).toBe(written.length);
      },
    ),
  );
});

test.each([
  ['a part that is longer than its message', [0x0a, 5, 1]],
  ['a number without an end', [0x08, 0xff]],
  ['a number of more than ten bytes', [0x08, ...Array<number>(11).fill(0x80)]],
  ['a kind of field that there is none', [0x0f, 1]],
])('%s throws', (_, bytes) => {
  const reader = new MessageReader(Buffer.from(bytes));
  expect(() => {
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) reader.skip(tag);
  }).toThrow(RangeError);
});
