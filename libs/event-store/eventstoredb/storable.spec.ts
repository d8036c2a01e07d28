import { expect, test } from '@jest/globals';
import type { NewEvent } from '../event-store.js';
import { AppendTooLarge, UnstorableEvent } from '../failures.js';
import { checkStorable, LARGEST_APPEND } from './storable.js';

/** An event as types would not allow it. */
const event = (data: unknown, parts: object = {}): NewEvent =>
  Object.assign(
    { id: '00000000-0000-4000-8000-000000000001', type: 'Happened', data: {}, metadata: {} },
    { data },
    parts,
  );

const circle: Record<string, unknown> = {};
circle['again'] = circle;

test.each([
  ['data.amount', { amount: 1n }],
  ['data.lines.1.price', { lines: [{ price: 1 }, { price: Number.NaN }] }],
  ['data.rate', { rate: Infinity }],
  ['data.now', { now: new Date(0) }],
  ['data.map', { map: new Map() }],
  ['data.bytes', { bytes: Buffer.from('x') }],
  ['data.call', { call: () => undefined }],
  ['data.mark', { mark: Symbol('x') }],
  ['data.list.1', { list: [1, undefined] }],
  ['data.list.0', { list: new Array<unknown>(1) }],
  ['data', []],
  ['data', undefined],
  [`data${'.again'.repeat(65)}`, circle],
])('%s is told to be what cannot be stored', (path, data) => {
  const append = () => checkStorable('s-1', [event({}), event(data)]);
  expect(append).toThrow(UnstorableEvent);
  expect(append).toThrow(expect.objectContaining({ stream: 's-1', type: 'Happened', path }));
});

test.each([
  ['metadata', { metadata: undefined }],
  ['metadata.at', { metadata: { at: new Date(0) } }],
  ['type', { type: '$metadata' }],
  ['type', { type: '' }],
  ['id', { id: 'e1' }],
])('so is %s of %p', (path, parts) => {
  expect(() => checkStorable('s-1', [event({}, parts)])).toThrow(expect.objectContaining({ path }));
});

test('everything that JSON brings back as it was is taken; an absent field may be undefined', () => {
  const data = { text: 'x\u0000\ud800', nothing: null, deep: { list: [1, 'a', { b: [] }] }, absent: undefined };
  expect(() => checkStorable('s-1', [event(data)])).not.toThrow();
});

test('one mebibyte of data passes, and not one byte more, with the stream and the size named', () => {
  const text = (length: number) => ({ text: 'ä'.repeat((length - 11) / 2) + 'x'.repeat((length - 11) % 2) });
  const half = LARGEST_APPEND / 2;
  expect(() => checkStorable('s-1', [event(text(half)), event(text(half))])).not.toThrow();
  expect(() => checkStorable('s-1', [event(text(half)), event(text(half + 1))])).toThrow(
    new AppendTooLarge('s-1', LARGEST_APPEND + 1, LARGEST_APPEND),
  );
  expect(() => checkStorable('s-1', [event({}, { metadata: text(LARGEST_APPEND + 1) })])).toThrow(/metadata/);
});

test.each(['', '$all', '$$s-1'])('nothing is appended to "%s"', (stream) => {
  expect(() => checkStorable(stream, [event({})])).toThrow(RangeError);
});

test('an append of nothing is a mistake', () => {
  expect(() => checkStorable('s-1', [])).toThrow(RangeError);
});
