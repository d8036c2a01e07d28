import { expect, test } from '@jest/globals';
import pg from 'pg';
import { testDatabase } from './index.js';

const [own, another] = [await testDatabase(), await testDatabase()];

test('every test file has an empty, durable database of its own', async () => {
  expect(own).not.toBe(another);
  const client = new pg.Client(own);
  await client.connect();
  const { rows } = await client.query<{ tables: string; fsync: string; commit: string }>(
    `SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') AS tables,
            current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`,
  );
  await client.end();
  expect(rows).toEqual([{ tables: '0', fsync: 'on', commit: 'on' }]);
});
