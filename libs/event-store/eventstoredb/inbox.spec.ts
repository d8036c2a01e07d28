import { expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Inbox } from './inbox.js';

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
};

test('the server is made to wait once what has come is large, until it is taken', async () => {
  const call = Object.assign(new PassThrough({ objectMode: true }), { cancel: () => undefined });
  const inbox = new Inbox<number>(Promise.resolve(call), (first, item) => item - first >= 3);
  await settle();
  for (let number = 1; number <= 9; number++) call.write(number);
  await settle();
  expect(await inbox.take()).toEqual([1, 2, 3, 4]);
  await settle();
  expect(await inbox.take()).toEqual([5, 6, 7, 8]);
  await settle();
  expect(await inbox.take()).toEqual([9]);
});
