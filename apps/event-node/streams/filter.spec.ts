import { expect, test } from '@jest/globals';
import { StoredLogEvent } from '../log/log-event.js';
import { encodeEventFrame } from '../protocol/event-frame.js';
import type { FilterOptions } from '../protocol/read-request.js';
import { filterOf } from './filter.js';

const options = (regex: string): FilterOptions => ({
  on: 'stream',
  regex,
  prefixes: [],
  window: 'count',
  checkpointMultiplier: 1,
});

const eventIn = (stream: string): StoredLogEvent =>
  new StoredLogEvent(
    encodeEventFrame({
      id: 'e0000000-0000-4000-8000-00000000000a',
      stream,
      revision: 0n,
      position: 548n,
      created: 0n,
      type: 'Written',
      json: false,
      metadata: Buffer.alloc(0),
      data: Buffer.alloc(0),
    }),
  );

test.each([
  [String.raw`^\w+-\d$`, '订单-1', true],
  [String.raw`^[\w-]+$`, '订单-1', true],
  [String.raw`^\W`, '订单-1', false],
  [String.raw`^[^\w]`, '订单-1', false],
  [String.raw`\d`, 'x٣', true],
  [String.raw`^é\b`, 'é1', false],
  [String.raw`^é1\b`, 'é1', true],
  [String.raw`^order\-\w+\:\d$`, 'order-a:1', true],
  [String.raw`order(?#any of them)-1$`, 'order-1', true],
  [String.raw`(?i)^ORDER-\d+$`, 'order-12', true],
  [String.raw`^\w{2}$`, '订单', true],
  [String.raw`\p{Lu}`, 'order', false],
])('%s on %s: %s, as in .NET', (regex, stream, matches) => {
  expect(filterOf(options(regex))(eventIn(stream))).toBe(matches);
});

test.each([String.raw`\y`, '(', '[z-a]'])('%s is no regular expression there', (regex) => {
  expect(() => filterOf(options(regex))).toThrow('Exception was thrown by handler.');
});

test('a filter of nothing is shown as protobuf shows it', () => {
  const nothing = { ...options(''), on: undefined, window: undefined };
  expect(() => filterOf({ ...nothing, checkpointMultiplier: 0 })).toThrow("'{ }' is not a valid");
  expect(() => filterOf(nothing)).toThrow(`'{ "checkpointIntervalMultiplier": 1 }' is not a valid`);
});
