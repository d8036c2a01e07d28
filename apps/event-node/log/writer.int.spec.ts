import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { testDatabase } from '../../../test/stack/index.js';
import { EventLog } from './event-log.js';
import { NO_STREAM } from './revisions.js';

const log = await EventLog.open(await testDatabase(), (error) => {
  throw error;
});

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
