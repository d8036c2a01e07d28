import { afterAll, expect, test } from '@jest/globals';
import { testDatabase } from '../../test/stack/index.js';
import { createPool, inTransaction } from './index.js';
import { lockUntilCommit } from './migrations.js';

const pool = createPool(await testDatabase());
afterAll(() => pool.end());

test('a lock that somebody keeps is not waited for for ever, and who keeps it is told', async () => {
  const other = await pool.connect();
  await other.query(`select pg_advisory_lock(hashtextextended('taizhang read_store', 0))`);
  await expect(inTransaction(pool, (client) => lockUntilCommit(client, 'read_store', 0))).rejects.toThrow(
    /read_store has been locked .* by the session \d+ of \w+ \(taizhang \d+\)/,
  );
  other.release(true);
});
