import { readFileSync } from 'node:fs';
import { BACKWARDS, END, EventStoreDBClient, jsonEvent, START } from '@eventstore/db-client';
import { afterAll, expect, jest, test } from '@jest/globals';
import { startEventNode } from '#embedded';
import { testDatabase } from '../../test/stack/index.js';

jest.setTimeout(600_000);

const LOG_MIB = 240;
/** The newest events, what waits for each reader, and what the garbage collector has not come to yet. */
const MOST_MIB = 220;
const EVENTS_A_MIB = 16;
const text = 'x'.repeat((1024 * 1024) / EVENTS_A_MIB - 100);

const node = await startEventNode({ databaseUrl: await testDatabase() });
const client = EventStoreDBClient.connectionString(node.connectionString);

afterAll(async () => {
  await client.dispose();
  await node.stop();
});

/** The most memory that the node has held so far. */
const peakMiB = (): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))?.[1]) / 1024;

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a log larger than the memory that a node takes, and readers and subscribers that do not read it', async () => {
  await client.appendToStream('small', jsonEvent({ type: 'Small', data: {} }));
  const before = peakMiB();
  const subscribers = ([START, END] as const).flatMap((fromPosition) =>
    Array.from({ length: 15 }, () => client.subscribeToAll({ fromPosition }).on('error', () => undefined)),
  );
  for (let mebibyte = 0; mebibyte < LOG_MIB; mebibyte++)
    await client.appendToStream(
      'large',
      Array.from({ length: EVENTS_A_MIB }, () => jsonEvent({ type: 'Large', data: { text } })),
    );
  const paused = Array.from({ length: 15 }, () => client.readAll()[Symbol.asyncIterator]());
  for (const reader of paused) await reader.next();
  let found = 0;
  for await (const _ of client.readStream('large', { direction: BACKWARDS, fromRevision: END })) found++;
  expect(found).toBe(LOG_MIB * EVENTS_A_MIB);
  for await (const { event } of client.readAll()) if (event?.type === 'Large') found--;
  expect(found).toBe(0);
  for (const reader of paused) await reader.return?.();
  for (const subscriber of subscribers) subscriber.destroy();
  expect(peakMiB() - before).toBeLessThan(MOST_MIB);
});
