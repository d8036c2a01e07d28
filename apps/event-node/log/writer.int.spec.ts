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

test('a restart gives out no position again that an append of no events was told', async () => {
  const positions: (bigint | undefined)[] = [];
  for (let count = 0; count < 1_500; count++) {
    const outcome = await new Promise<AppendOutcome>((resolve) => {
      log.writer.append({ kind: 'append', stream: 'nothing', expected: NO_STREAM, events: [] }, resolve);
    });
    positions.push(outcome.kind === 'written' ? outcome.position : undefined);
  }
  const last = positions.at(-1) ?? 0n;
  await log.close();
  log = await open();
  expect(log.end).toBeGreaterThan(last);
  expect(positions).toEqual(positions.toSorted((a, b) => Number((a ?? 0n) - (b ?? 0n))));
});
