import { expect, test } from '@jest/globals';
import { startEventNode } from '#embedded';
import { testDatabase } from '../../test/stack/index.js';

const databaseUrl = await testDatabase();

test('a second node on the same log is refused in words, and may have it once the first has gone', async () => {
  const first = await startEventNode({ databaseUrl });
  await expect(startEventNode({ databaseUrl })).rejects.toThrow(/another event node holds this log: stop it first/);
  await first.stop();
  await (await startEventNode({ databaseUrl })).stop();
});
