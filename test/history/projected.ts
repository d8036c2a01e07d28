import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { changesOf, type AnyProjection, type RecordedEvent, type Shape } from '#kernel';
import { projectionsIn } from '#projections';
import { fingerprint } from '#read-store';
import { readSample, samplesOf } from './samples.js';
import { allVersions } from './versions.js';

const FILE = 'test/history/projected.json';

/** What a version of a projection makes of the stored samples: a hash of its rows for each event that it listens to. */
export interface Projected {
  readonly fingerprint: string;
  readonly rows: Readonly<Record<string, string>>;
}
export type ProjectedByName = Readonly<Record<string, Projected>>;

interface Told {
  readonly name: string;
  readonly events: readonly RecordedEvent[];
}

/** What all projections make of the samples now. */
export async function projectedNow(
  projections: readonly AnyProjection[] = projectionsIn('UTC'),
): Promise<ProjectedByName> {
  const told = await allTold();
  return Object.fromEntries(
    projections.map((projection) => [
      projection.name,
      {
        fingerprint: fingerprint(projection),
        rows: Object.fromEntries(
          told
            .filter(({ events: [event] }) => event !== undefined && event.type in projection.on)
            .map(({ name, events }) => [name, hashOf(events.map((event) => changesOf(projection, event)))]),
        ),
      },
    ]),
  );
}

export const projectedThen = (): ProjectedByName => JSON.parse(readFileSync(FILE, 'utf8')) as ProjectedByName;

/** Stores what they make of them now, where the projection is another or an event is new. */
export async function writeProjected(): Promise<void> {
  const [then, now] = [projectedThen(), await projectedNow()];
  const kept = Object.entries(now).map(([name, { fingerprint: own, rows }]) => {
    const before = then[name]?.fingerprint === own ? then[name].rows : {};
    return [name, { fingerprint: own, rows: { ...rows, ...before } }];
  });
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

/** The projections that give other rows than they did, although they are still called the same version. */
export const unversioned = (then: ProjectedByName, now: ProjectedByName): readonly string[] =>
  Object.entries(now).flatMap(([name, { fingerprint: own, rows }]) => {
    const before = then[name];
    if (before?.fingerprint !== own) return [];
    const changed = Object.keys(before.rows).filter((event) => rows[event] !== before.rows[event]);
    return changed.map((event) => `${name} makes other rows of ${event}: raise its \`version\``);
  });

/** Every sample as it is, without all that it may lack, and as an import that knows no day. */
async function allTold(): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const version of allVersions)
    for (const [index, sample] of samplesOf(version).entries()) {
      const event = await readSample(sample);
      const { orgAtEvent: _org, onBehalfOf: _behalf, reason: _reason, ...rest } = event;
      const bare = {
        ...rest,
        data: required(version.aggregate.events[version.type]?.shape ?? {}, event.data),
      } as RecordedEvent;
      const imported = { ...event, occurredAt: event.recordedAt, actor: { ...event.actor, kind: 'import' as const } };
      const name = [version.type, version.version, index].join('.');
      told.push({ name, events: [event, bare, imported] });
    }
  return told;
}

/** The data without its optional fields. */
function required(shape: Shape, data: object): object {
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]: [string, unknown]) => {
      const field = shape[name];
      if (field?.isOptional) return [];
      const isPart = field?.fields !== undefined && typeof value === 'object' && value !== null;
      return [[name, isPart ? required(field.fields, value) : value]];
    }),
  );
}

const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)))
    .digest('hex')
    .slice(0, 8);
