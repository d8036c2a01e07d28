import { afterAll } from '@jest/globals';
import type { AnyProjection, RecordedEvent } from '#kernel';
import { projectionsIn } from '#projections';
import { createPool, installReadModels, runProjections, watchProgress } from '#read-store';
import { MemoryLog } from '../read-store/memory-log.js';
import { testDatabase } from '../stack/index.js';

/** What a test asks of the read models that a log gave. */
export interface ReadModels {
  /** The rows of a query; parameters are `$1`, `$2` … */
  readonly rows: (query: string, ...parameters: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  readonly pool: ReturnType<typeof createPool>;
  readonly databaseUrl: string;
}

/** Read models of a database of the test file's own, filled with these events by the real runner. */
export async function project(
  events: readonly RecordedEvent[],
  { zone = 'UTC', projections = projectionsIn(zone) }: { zone?: string; projections?: readonly AnyProjection[] } = {},
): Promise<ReadModels> {
  const databaseUrl = await testDatabase();
  const pool = createPool(databaseUrl);
  afterAll(() => pool.end());
  await installReadModels({ pool, projections });
  const log = new MemoryLog();
  log.append(...events);
  const runner = runProjections({ pool, projections, source: log });
  const progress = watchProgress({ pool, projections });
  try {
    await progress.waitFor(events.at(-1)?.position.commit ?? -1n, 120_000);
  } finally {
    await runner.stop();
    await progress.close();
  }
  return {
    pool,
    databaseUrl,
    rows: async (query, ...parameters) => (await pool.query<Record<string, unknown>>(query, [...parameters])).rows,
  };
}
