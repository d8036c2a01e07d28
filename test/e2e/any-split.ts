import type { Pool } from 'pg';
import type { RecordedEvent } from '#kernel';
import { projectionsIn } from '#projections';
import { inTransaction, schemasOf, withClient } from '#read-store';
import { fc } from '../draws.js';
import { differences } from '../../libs/read-store/compare.js';
import { Projector } from '../../libs/read-store/projector.js';
import { createVersion, dropVersion, loadVersions, type Version } from '../../libs/read-store/versions.js';

const projections = projectionsIn('UTC');

/** Some of the streams, mingled in any way that keeps the order of each, and cut into batches anywhere. */
export function anySplit(events: readonly RecordedEvent[]): fc.Arbitrary<readonly (readonly RecordedEvent[])[]> {
  const streams = [...new Set(events.map(({ stream }) => stream))];
  const some = fc.uniqueArray(
    fc.record({ stream: fc.constantFrom(...streams), start: fc.nat(100), pace: fc.integer({ min: 1, max: 20 }) }),
    { selector: ({ stream }) => stream, minLength: 1, maxLength: 60 },
  );
  return fc.tuple(some, fc.array(fc.nat(400), { maxLength: 40 })).map(([chosen, cuts]) => {
    const mingled = chosen
      .flatMap(({ stream, start, pace }) => {
        const own = events.filter((event) => event.stream === stream);
        return own.map((event, index) => ({ event, at: start + pace * index }));
      })
      .sort((one, other) => one.at - other.at)
      .map(({ event }, index): RecordedEvent => {
        const commit = BigInt(index + 1) * 100n;
        return { ...event, position: { commit, prepare: commit } };
      });
    const bounds = [0, ...cuts.filter((cut) => cut < mingled.length).sort((one, other) => one - other), mingled.length];
    return bounds.slice(1).map((bound, place) => mingled.slice(bounds[place], bound));
  });
}

interface Site {
  readonly pool: Pool;
  readonly namespace: string;
}

/** The rows that the split makes otherwise than the same events in one batch, in any projection. */
export async function differencesOfSplit(site: Site, split: readonly (readonly RecordedEvent[])[], isBuild: boolean) {
  const whole = await applied(site, [split.flat()], false);
  const inParts = await applied(site, split, isBuild);
  const { pool, namespace } = site;
  const found: unknown[] = [];
  for (const one of whole)
    for (const other of inParts)
      if (other.projection === one.projection)
        found.push(...(await withClient(pool, (client) => compared(client, pool, one, other.schema))));
  for (const { schema } of [...whole, ...inParts])
    await inTransaction(pool, (client) => dropVersion(client, schemasOf(namespace), schema));
  return found;
}

const compared = async (client: Parameters<typeof differences>[0], pool: Pool, one: Version, schema: string) => {
  await client.query('begin isolation level repeatable read read only');
  try {
    return (await withClient(pool, (other) => differences(client, one, other, schema))).differences;
  } finally {
    await client.query('rollback');
  }
};

/** Versions of all projections into which the batches went. */
async function applied(
  { pool, namespace }: Site,
  batches: readonly (readonly RecordedEvent[])[],
  isBuild: boolean,
): Promise<readonly Version[]> {
  const schemas = schemasOf(namespace);
  const versions = await inTransaction(pool, async (client) => {
    const made = new Set<string>();
    for (const projection of projections) made.add(await createVersion(client, schemas, projection, 'shadow'));
    const shadows = await loadVersions(client, schemas, projections, ['shadow']);
    return shadows.filter(({ schema }) => made.has(schema));
  });
  const projector = new Projector(pool, schemas, versions, { isBuild });
  for (const batch of batches) await projector.apply(batch.map((event) => ({ event })));
  return versions;
}
