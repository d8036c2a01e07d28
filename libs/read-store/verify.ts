import { changesOf, type AnyProjection, type Position, type RecordedEvent } from '#kernel';
import type { PoolClient } from 'pg';
import { differences, type Difference } from './compare.js';
import { NotPossible } from './failures.js';
import { Feeder, type Log } from './feeder.js';
import type { ReadModels } from './install.js';
import { takeLeases, versionLeases } from './lease.js';
import { inTransaction, withClient } from './pool.js';
import { buildMeter, type BuildProgress } from './rebuild.js';
import { LARGEST_BUILD_BATCH, newHolder } from './runner.js';
import { schemasOf, type Schemas } from './schemas.js';
import { upTo, type EventSource } from './source.js';
import { createVersion, dropVersion, loadVersions, type Version } from './versions.js';

export interface Verification extends Omit<ReadModels, 'projections'> {
  readonly source: EventSource;
  readonly projection: AnyProjection;
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

/** Builds the projection once more, beside the living version, and compares both row by row at the same position; nothing waits for it. */
export async function verifyProjection(verification: Verification): Promise<Verified> {
  const { pool, namespace, projection } = verification;
  const schemas = schemasOf(namespace);
  const holder = newHolder();
  const shadow = await inTransaction(pool, async (client) => {
    const schema = await createVersion(client, schemas, projection, 'shadow');
    await takeLeases(client, versionLeases(schemas), holder, [schema]);
    return schema;
  });
  try {
    // Most of the way before the snapshot, which keeps Postgres from cleaning up while it is open.
    const before = await withClient(pool, (client) => livingVersion(client, schemas, projection));
    await fill(verification, schemas, holder, before.position);
    return await withClient(pool, (client) => compareAtSnapshot(client, verification, schemas, holder, shadow));
  } finally {
    await inTransaction(pool, (client) => dropVersion(client, schemas, shadow));
  }
}

async function compareAtSnapshot(
  client: PoolClient,
  verification: Verification,
  schemas: Schemas,
  holder: string,
  shadow: string,
): Promise<Verified> {
  const { projection, source, pool } = verification;
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query('set local idle_in_transaction_session_timeout = 0');
    const living = await livingVersion(client, schemas, projection);
    await fill(verification, schemas, holder, living.position);
    const found = await withClient(pool, (other) => differences(client, living, other, shadow));
    const explained = await explain(found.differences, living, source);
    return { projection: projection.name, position: living.position, rows: found.rows, differences: explained };
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

async function livingVersion(client: PoolClient, schemas: Schemas, projection: AnyProjection): Promise<Version> {
  const [living] = await loadVersions(client, schemas, [projection], ['living']);
  if (living === undefined)
    throw new NotPossible(
      `Readers do not see ${projection.name} as this program declares it: another release filled it, or this one is still filling its own; \`taizhang projections status\` tells`,
    );
  return living;
}

/** Brings the shadow exactly to the position. */
async function fill(
  { pool, source, projection, log, onProgress }: Verification,
  schemas: Schemas,
  holder: string,
  position: Position | undefined,
): Promise<void> {
  if (position === undefined) return;
  const filled = new AbortController();
  const feeder = new Feeder({
    ...{ pool, schemas, projections: [projection], source: upTo(source, position), holder, log },
    states: ['shadow'],
    largestBatch: LARGEST_BUILD_BATCH,
    isBuild: true,
    applied: onProgress && buildMeter(position.commit, onProgress),
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
    new Set(Object.keys(projection.on)),
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
