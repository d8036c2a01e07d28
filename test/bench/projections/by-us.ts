import { projectionsIn } from '#projections';
import { createPool, installReadModels, rebuildProjections, runProjections, watchProgress } from '#read-store';
import type { Work } from './works.js';
import { openSource } from './place.js';

export const projections = projectionsIn('UTC');
const PATIENCE_MS = 240_000;

/** How long a rebuild of these projections takes, beside living versions, until readers could be switched to it. */
export async function rebuild({ place, databaseUrl }: Work, names: readonly string[]) {
  const pool = createPool(databaseUrl);
  const { source, close } = await openSource(place);
  await installReadModels({ pool, projections });
  const start = performance.now();
  const schemas = await rebuildProjections({ pool, projections, source, names });
  const milliseconds = performance.now() - start;
  await close();
  await pool.end();
  return { milliseconds, schemas };
}

/** How long the live pipeline takes for all that it has missed: durable, with every index, readers looking on. */
export async function catchUp(work: Work): Promise<number> {
  const { milliseconds, stop } = await follow(work);
  await stop();
  return milliseconds;
}

/** The live pipeline, once it has caught up. */
export async function follow({ place, databaseUrl, last }: Work) {
  const pool = createPool(databaseUrl);
  const { source, close } = await openSource(place);
  await installReadModels({ pool, projections });
  const progress = watchProgress({ pool, projections });
  const start = performance.now();
  const running = runProjections({ pool, projections, source });
  await progress.waitFor(last, PATIENCE_MS);
  const milliseconds = performance.now() - start;
  const stop = async () => {
    await running.stop();
    await progress.close();
    await close();
    await pool.end();
  };
  return { milliseconds, stop };
}
