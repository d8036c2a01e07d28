import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import { testDatabase } from '../../../test/stack/index.js';
import type { AppendRequest } from './append-request.js';
import { EventLog } from './event-log.js';
import { recollect } from './recollection.js';
import { ANY, TOMBSTONE } from './revisions.js';

const databaseUrl = await testDatabase();
const open = (): Promise<EventLog> =>
  EventLog.open(databaseUrl, (error) => {
    throw error;
  });
let log = await open();

afterAll(() => log.close());

async function write(stream: string, count: number, kind: AppendRequest['kind'] = 'append'): Promise<void> {
  const events = Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: 'Written',
    json: true,
    metadata: Buffer.alloc(0),
    data: Buffer.from('{"$maxCount":2}'),
  }));
  await new Promise((resolve) => {
    log.writer.append({ kind, stream, expected: ANY, events }, resolve);
  });
}

/** Revisions of a stream that come from memory, as a read of the whole stream finds them. */
function remembered(stream: string): bigint[] | undefined {
  const head = log.heads.peek(stream);
  const frames = head && log.streams.find(stream, 0n, head.lastRevision);
  return frames && [...frames.events()].map(({ revision }) => revision);
}

test('a start brings back the newest streams with their heads, and no more than is on disk', async () => {
  await write('whole', 2);
  await write('deleted', 2);
  await write('limited', 3);
  await write('whole', 1);
  await write('$$limited', 1);
  await write('deleted', 0, 'tombstone');
  await log.close();

  log = await open();
  await log.recollected;
  expect(remembered('whole')).toEqual([0n, 1n, 2n]);
  expect(remembered('limited')).toEqual([0n, 1n, 2n]);
  expect(log.heads.peek('limited')?.metadata).toEqual({ maxCount: 2n });
  expect(log.heads.peek('deleted')?.lastRevision).toBe(TOMBSTONE);
  expect(remembered('deleted')).toBeUndefined();

  await write('whole', 1);
  expect(remembered('whole')).toEqual([0n, 1n, 2n, 3n]);
  await recollect(log);
  expect(remembered('whole')).toEqual([0n, 1n, 2n, 3n]);
});
