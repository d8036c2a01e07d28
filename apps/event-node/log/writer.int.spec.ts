import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { testDatabase } from '../../../test/stack/index.js';
import type { AppendOutcome } from './append-request.js';
import { EventLog } from './event-log.js';
import { NO_STREAM } from './revisions.js';

const databaseUrl = await testDatabase();
const open = (): Promise<EventLog> =>
  EventLog.open(databaseUrl, (error) => {
    throw error;
  });
let log = await open();

afterAll(() => log.close());

/** How many events each commit brings when so many callers append one at the same time. */
async function commitsOf(callers: number): Promise<number[]> {
  const commits: number[] = [];
  const stop = log.tail.listen((events) => commits.push(events.length));
  const write = (): Promise<unknown> =>
    new Promise((resolve) => {
      const event = {
        id: randomUUID(),
        type: 'Written',
        json: false,
        metadata: Buffer.alloc(0),
        data: Buffer.alloc(0),
      };
      log.writer.append({ kind: 'append', stream: randomUUID(), expected: NO_STREAM, events: [event] }, resolve);
    });
  await Promise.all(Array.from({ length: callers }, write));
  stop();
  return commits;
}

test('few callers share a commit, of many each answers half', async () => {
  expect(await commitsOf(8)).toEqual([8]);
  expect(await commitsOf(64)).toEqual([32, 32]);
});

async function writeNothing(): Promise<bigint> {
  const outcome = await new Promise<AppendOutcome>((resolve) => {
    log.writer.append({ kind: 'append', stream: 'nothing', expected: NO_STREAM, events: [] }, resolve);
  });
  return (outcome.kind === 'written' ? outcome.position : undefined) ?? 0n;
}

test('no position is given out again that an append of no events was told, however often the log is opened', async () => {
  let last = 0n;
  for (const count of [1_500, 1, 1_023, 1]) {
    for (let written = 0; written < count; written++) {
      const position = await writeNothing();
      expect(position).toBeGreaterThan(last);
      last = position;
    }
    await log.close();
    log = await open();
  }
});
