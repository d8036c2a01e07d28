import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { testDatabase } from '../../test/stack/index.js';
import { EventLog } from './log/event-log.js';
import { NO_STREAM } from './log/revisions.js';

/** Old events in streams that a memory without a bound would keep, behind them as much as a start brings back. */
const OLD_STREAMS = 2_000;
const OLD_BYTES = 100_000;
const NEW_STREAMS = 1_200;
const NEW_EVENTS = 100;
const NEW_BYTES = 400;
/** Decision 19 has measured 215; with the old streams as well it would be more than 400. */
const MOST_MIB = 300;

/** What a node does when it starts: the log is opened and the newest of it brought back. Prints its largest size. */
const START = `
  import { readFileSync } from 'node:fs';
  import { EventLog } from './dist/apps/event-node/log/event-log.js';
  const log = await EventLog.open(process.argv[1], (error) => { throw error; });
  await log.recollected;
  console.log(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  await log.close();`;

const databaseUrl = await testDatabase();

function write(log: EventLog, count: number, bytes: number): Promise<unknown> {
  const data = Buffer.alloc(bytes, 'x');
  const event = () => ({ id: randomUUID(), type: 'Written', json: false, metadata: Buffer.alloc(0), data });
  const events = Array.from({ length: count }, event);
  return new Promise((resolve) => {
    log.writer.append({ kind: 'append', stream: randomUUID(), expected: NO_STREAM, events }, resolve);
  });
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('after a start on a long log a node holds what it brings back of it, and no more', async () => {
  const log = await EventLog.open(databaseUrl, (error) => {
    throw error;
  });
  for (let n = 0; n < OLD_STREAMS; n += 100)
    await Promise.all(Array.from({ length: 100 }, () => write(log, 1, OLD_BYTES)));
  for (let n = 0; n < NEW_STREAMS; n += 50)
    await Promise.all(Array.from({ length: 50 }, () => write(log, NEW_EVENTS, NEW_BYTES)));
  // Positions count the bytes of what was written.
  expect(Number(log.tail.position)).toBeGreaterThan(OLD_STREAMS * OLD_BYTES + NEW_STREAMS * NEW_EVENTS * NEW_BYTES);
  await log.close();
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', START, databaseUrl]);
  expect(Number(stdout) / 1024).toBeLessThan(MOST_MIB);
});
