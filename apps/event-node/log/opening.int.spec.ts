import { expect, test } from '@jest/globals';
import { Client } from 'pg';
import { testDatabase } from '../../../test/stack/index.js';
import { EventLog } from './event-log.js';

const databaseUrl = await testDatabase();
const open = (): Promise<EventLog> =>
  EventLog.open(databaseUrl, (error) => {
    throw error;
  });

async function rename(table: string, from: string, to: string): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  await client.query(`alter table event_log.${table} rename ${from} to ${to}`);
  await client.end();
}

// The lock of the one writer lasts as long as its session.
test.each([
  ['events', 'frame'],
  ['horizon', 'position'],
])('an opening that fails on the table of %s leaves the log to the next one', async (table, column) => {
  await (await open()).close();
  await rename(table, column, 'elsewhere');
  await expect(open()).rejects.toThrow(column);
  await rename(table, 'elsewhere', column);
  await (await open()).close();
});
