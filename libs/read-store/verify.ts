import { changesOf, type AnyProjection, type Position, type RecordedEvent } from '#kernel';
import type { ClientBase, PoolClient } from 'pg';
import { differences, type Difference } from './compare.js';
import { NotPossible } from './failures.js';
import { Feeder, type Log } from './feeder.js';
import type { ReadModels } from './install.js';
import { takeLeases, versionLeases } from './lease.js';
import { inTransaction, withClient } from './pool.js';
import { buildMeter, type BuildProgress } from './rebuild.js';
import { LARGEST_BUILD_BATCH, newHolder } from './runner.js';
import { schemasOf, type Schemas } from './schemas.js';
import { interestOf, upTo, type EventSource } from './source.js';
import { createVersion, dropLostShadows, dropVersion, loadVersions, type Version } from './versions.js';

export interface Verification extends ReadModels {
  readonly source: EventSource;
  readonly log?: Log;
  readonly onProgress?: (progress: BuildProgress) => void;
}

/** What a comparison with a fresh build found; equal when there are no differences. */
export interface Verified {
  readonly projection: string;
  readonly position: Position | undefined;
  readonly rows: number;
  readonly differences: readonly ExplainedDifference[];
}

/** A row that a fresh build has otherwise, with the events that it is made from. */
export interface ExplainedDifference extends Difference {
  readonly events: readonly Pick<RecordedEvent, 'type' | 'stream' | 'revision' | 'eventId'>[];
}

/**
 * Builds the projections once more, beside the living versions and all from one reading of the log, and compares both
 * row by row at the same position; nothing waits for it.
 */
export async function verifyProjections(verification: Verification): Promise<readonly Verified[]> {
  const { pool, namespace, projections } = verification;
  const meter = verification.onProgress && buildMeter(verification.onProgress);
  const work = { ...verification, schemas: schemasOf(namespace), holder: newHolder(), meter };
  const shadows = await inTransaction(pool, (client) => createShadows(client, work));
  try {
    // Most of the way before the snapshot, which keeps Postgres from cleaning up while it is open.
    await fill(work, await withClient(pool, (client) => livingVersions(client, work)));
    return await withClient(pool, (client) => compareAtSnapshot(client, work, shadows));
  } finally {
    await inTransaction(pool, async (client) => {
      for (const projection of projections) await dropVersion(client, work.schemas, shadows.get(projection) ?? '');
    });
  }
}

interface Work extends Verification {
  readonly schemas: Schemas;
  readonly holder: string;
  readonly meter: ReturnType<typeof buildMeter> | undefined;
}

type Shadows = ReadonlyMap<AnyProjection, string>;

/** Empty tables for each projection; those that a killed verification left behind are removed first. */
async function createShadows(client: ClientBase, { schemas, projections, holder }: Work): Promise<Shadows> {
  await dropLostShadows(client, schemas);
  const shadows = new Map<AnyProjection, string>();
  for (const projection of projections)
    shadows.set(projection, await createVersion(client, schemas, projection, 'shadow'));
  await takeLeases(client, versionLeases(schemas), holder, [...shadows.values()]);
  return shadows;
}

async function compareAtSnapshot(client: PoolClient, work: Work, shadows: Shadows): Promise<readonly Verified[]> {
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query('set local idle_in_transaction_session_timeout = 0');
    const standing = await livingVersions(client, work);
    await fill(work, standing);
    const verified: Verified[] = [];
    for (const living of standing) {
      const { projection, position } = living;
      const shadow = shadows.get(projection) ?? '';
      const found = await withClient(work.pool, (other) => differences(client, living, other, shadow));
      const explained = await explain(found.differences, living, work.source);
      verified.push({ projection: projection.name, position, rows: found.rows, differences: explained });
    }
    return verified;
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

async function livingVersions(client: PoolClient, { schemas, projections }: Work): Promise<readonly Version[]> {
  const known = await loadVersions(client, schemas, projections, ['living']);
  return projections.map((projection) => {
    const living = known.find((version) => version.projection === projection);
    if (living === undefined)
      throw new NotPossible(
        `Readers do not see ${projection.name} as this program declares it: another release filled it, or this one is still filling its own; \`taizhang projections status\` tells`,
      );
    return living;
  });
}

/** Brings the shadows exactly to where these versions stand; the log is read once for all that stand at one place. */
async function fill(work: Work, standing: readonly Version[]): Promise<void> {
  const places = new Map(standing.map(({ position }) => [position?.commit, position]));
  for (const place of places.values()) {
    const projections = standing.filter(({ position }) => position?.commit === place?.commit);
    if (place !== undefined)
      await fillUpTo(
        work,
        place,
        projections.map(({ projection }) => projection),
      );
  }
}

async function fillUpTo(work: Work, position: Position, projections: readonly AnyProjection[]): Promise<void> {
  const { pool, schemas, source, holder, log, meter } = work;
  const filled = new AbortController();
  const feeder = new Feeder({
    ...{ pool, schemas, projections, source: upTo(source, position), holder, log },
    states: ['shadow'],
    largestBatch: LARGEST_BUILD_BATCH,
    isBuild: true,
    applied: meter?.(position.commit),
    caughtUp: () => {
      filled.abort();
      return Promise.resolve('over');
    },
  });
  await feeder.run(filled.signal);
}

/** Reads the log once more for the events that touched the rows that differ. */
async function explain(
  found: readonly Difference[],
  { projection, position, tables }: Version,
  source: EventSource,
): Promise<readonly ExplainedDifference[]> {
  if (found.length === 0 || position === undefined) return [];
  const explained = found.map((difference) => ({
    ...difference,
    events: [] as ExplainedDifference['events'][number][],
  }));
  for await (const delivery of upTo(source, position).subscribe(
    'start',
    new AbortController().signal,
    interestOf([projection]),
  )) {
    if ('caughtUp' in delivery) break;
    if (!('event' in delivery)) continue;
    const { type, stream, revision, eventId } = delivery.event;
    for (const { table, key } of safeChanges(projection, delivery.event))
      for (const one of explained)
        if (one.table === table && one.keyText === tables.get(table)?.keyOf(key))
          one.events.push({ type, stream, revision, eventId });
  }
  return explained;
}

/** A parked event explains nothing. */
function safeChanges(projection: AnyProjection, event: RecordedEvent) {
  try {
    return changesOf(projection, event);
  } catch {
    return [];
  }
}
