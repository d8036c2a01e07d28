import { finishBuilds } from './builds.js';
import { Feeder, type Log } from './feeder.js';
import type { ReadModels } from './install.js';
import { giveUpLeases, takeLeases, versionLeases } from './lease.js';
import { inTransaction } from './pool.js';
import type { Projector } from './projector.js';
import { LARGEST_BUILD_BATCH, newHolder } from './runner.js';
import { schemasOf, type Schemas } from './schemas.js';
import type { EventSource } from './source.js';
import { createVersion } from './versions.js';

/** How far a build has come. */
export interface BuildProgress {
  readonly deliveries: number;
  readonly perSecond: number;
  /** From 0 to 1, measured by position against what readers see now; undefined while they see nothing. */
  readonly share: number | undefined;
  readonly remainingMs: number | undefined;
}

export interface Rebuild extends ReadModels {
  readonly source: EventSource;
  /** The projections to build anew. */
  readonly names: readonly string[];
  readonly log?: Log;
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Told at the end of versions that another process took over and finished, or removed, because this one was silent for too long. */
  readonly onLost?: (versions: readonly string[]) => void;
}

/** Builds new versions beside what readers see, from the beginning of the log until caught up. They are kept up from then on, and shown by a switch. */
export async function rebuildProjections(rebuild: Rebuild): Promise<readonly string[]> {
  const { pool, namespace, projections, source, names, log, onProgress, onLost } = rebuild;
  const schemas = schemasOf(namespace);
  const holder = newHolder();
  const wanted = projections.filter(({ name }) => names.includes(name));
  const versions = await inTransaction(pool, async (client) => {
    const created: string[] = [];
    for (const projection of wanted) created.push(await createVersion(client, schemas, projection, 'building'));
    await takeLeases(client, versionLeases(schemas), holder, created);
    return created;
  });
  const done = new AbortController();
  const standingBy = async () => {
    if (await anyBuilding(rebuild, schemas, versions)) return;
    onLost?.(versions);
    done.abort();
  };
  const target = await shownPosition(rebuild, schemas);
  const feeder = new Feeder({
    ...{ pool, schemas, projections: wanted, source, holder, log },
    states: ['building'],
    largestBatch: LARGEST_BUILD_BATCH,
    ...{ isBuild: true, standingBy },
    applied: onProgress && buildMeter(onProgress)(target),
    caughtUp: async (built) => {
      await finishBuilds(pool, schemas, built);
      done.abort();
      return 'over';
    },
  });
  await feeder.run(done.signal);
  await giveUpLeases(pool, versionLeases(schemas), holder);
  return versions;
}

async function anyBuilding({ pool }: Rebuild, { readStore }: Schemas, versions: readonly string[]): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from ${readStore}.versions where schema_name = any ($1) and state = 'building'`,
    [versions],
  );
  return rowCount !== 0;
}

async function shownPosition({ pool, names }: Rebuild, { readStore }: Schemas): Promise<bigint | undefined> {
  const { rows } = await pool.query<{ commit: string | null }>(
    `select max(commit)::text as commit from ${readStore}.versions where state = 'living' and projection = any ($1)`,
    [names],
  );
  const commit = rows[0]?.commit ?? undefined;
  return commit === undefined ? undefined : BigInt(commit);
}

/** Measures speed and what is left to a target, and tells both after each batch; goes on counting at the next target. */
export function buildMeter(onProgress: (progress: BuildProgress) => void) {
  const start = performance.now();
  let deliveries = 0;
  return (target: bigint | undefined) => (projector: Pick<Projector, 'lowest'>, applied: number) => {
    deliveries += applied;
    const elapsedMs = performance.now() - start;
    const reached = projector.lowest?.commit ?? 0n;
    const share = target === undefined || target === 0n ? undefined : Math.min(Number(reached) / Number(target), 1);
    const remainingMs = share === undefined || share === 0 ? undefined : (elapsedMs / share) * (1 - share);
    onProgress({ deliveries, perSecond: Math.round((deliveries / elapsedMs) * 1000), share, remainingMs });
  };
}
