import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { testDatabase } from '../../../test/stack/index.js';
import { EventLog } from './event-log.js';
import type { Page } from './pages.js';
import { NO_STREAM } from './revisions.js';

const MANY = 1000;
const text = Buffer.alloc(2048, 'x');
const log = await EventLog.open(await testDatabase(), (error) => {
  throw error;
});
const { reader } = log;

afterAll(() => log.close());

const write = (stream: string, count: number): Promise<void> =>
  new Promise((resolve) => {
    const events = Array.from({ length: count }, () => ({
      id: randomUUID(),
      type: 'Written',
      json: false,
      metadata: text,
      data: text,
    }));
    log.writer.append({ kind: 'append', stream, expected: NO_STREAM, events }, () => {
      resolve();
    });
  });

/** Where the events lie that pages bring, one after the other. */
async function positions(from: bigint, goesOn: (at: bigint) => boolean, read: (at: bigint) => Promise<Page>) {
  const found: bigint[] = [];
  for (let at = from; goesOn(at);) {
    const { frames, next } = await read(at);
    for (const { position } of frames.events()) found.push(position);
    at = next;
  }
  return found;
}

function forwards(from = 0n): Promise<bigint[]> {
  const end = log.tail.position;
  return positions(
    from,
    (at) => at <= end,
    (at) => reader.forwards(at, end),
  );
}

const backwards = (): Promise<bigint[]> =>
  positions(
    log.tail.position + 1n,
    (at) => at > 0n,
    (at) => reader.backwards(at),
  );

test('the log reads the same from disk and from memory, from anywhere, up to an end that moves', async () => {
  await write('first', MANY);
  const fromDisk = await forwards();
  expect(fromDisk).toHaveLength(MANY + 1);
  expect(await forwards()).toEqual(fromDisk);
  expect(await backwards()).toEqual(fromDisk.toReversed());
  const middle = fromDisk[MANY / 2] ?? 0n;
  expect(await forwards(middle)).toEqual(fromDisk.slice(MANY / 2));
  expect(await forwards(middle + 1n)).toEqual(fromDisk.slice(MANY / 2 + 1));

  await write('second', MANY);
  const all = await forwards();
  expect(all).toHaveLength(2 * MANY + 1);
  expect(all.slice(0, MANY + 1)).toEqual(fromDisk);
  expect(await backwards()).toEqual(all.toReversed());
});

test('a reader that wants the log up to an earlier end is given no more', async () => {
  const all = await forwards();
  const end = all[MANY] ?? 0n;
  const found = await positions(
    0n,
    (at) => at <= end,
    (at) => reader.forwards(at, end),
  );
  expect(found).toEqual(all.slice(0, MANY + 1));
});
