import { describe, expect, test } from '@jest/globals';
import type { EventSchemas, RecordedEvent } from '#kernel';
import { changesOf, event, id, oneOf, optional, retired, text } from '#kernel';
import { projectionsIn } from '#projections';
import { FixedKeys } from '../subject-keys.js';
import { ENVELOPE } from './example.js';
import { orphans, readSample, samplesOf, untold, type Sample } from './samples.js';
import { allVersions, broken, fieldsOf, versionsOf, type Version } from './versions.js';

const told = allVersions.flatMap((version) => samplesOf(version).map((sample) => ({ version, sample })));
const named = told.map(({ version, sample }) => [`${version.type} ${version.version}`, version, sample] as const);
const creationOf = ({ aggregate }: Version) => told.find(({ version }) => version.aggregate === aggregate)?.sample;

test('every version of every event has a stored sample with all its fields; `npm run history` stores what is missing', () => {
  expect(untold(allVersions).map(({ type, version }) => `${type} ${version}`)).toEqual([]);
});

test('no sample is left of an event or a version that the code has lost', () => {
  expect(orphans()).toEqual([]);
});

describe.each(named)('%s, as it was stored,', (_, version, sample) => {
  test('has the fields it had', () => {
    expect(broken(sample.fields, fieldsOf(version.shape))).toEqual([]);
  });

  test('is read, with its envelope', async () => {
    const { data, ...read } = await readSample(sample);
    expect(data).toEqual(sample.reads);
    expect(read).toMatchObject({ ...ENVELOPE, schemaVersion: version.version });
  });

  test('is folded and projected, also when everybody in it was erased', async () => {
    for (const keys of [new FixedKeys(), new NoKeys()]) {
      const event = await readSample(sample, keys);
      const creation = creationOf(version);
      expect(foldBy(version, creation ? [await readSample(creation, keys), event] : [event])).toBeDefined();
      for (const projection of projectionsIn('UTC')) expect(changesOf(projection, event)).toBeDefined();
    }
  });
});

/** Everybody was erased. */
class NoKeys extends FixedKeys {
  override find(): Promise<ReadonlyMap<string, Buffer>> {
    return Promise.resolve(new Map());
  }
}

const foldBy = ({ aggregate }: Version, events: readonly RecordedEvent[]): unknown =>
  // The table is keyed by event type, so the step under this type takes exactly this event's data.
  events.reduce(
    (state, event) => aggregate.evolve[event.type]?.(state as never, event.data as never, event as never) ?? state,
    aggregate.initial,
  );

const schemas = (now: EventSchemas) => versionsOf([{ name: 'case', events: now, initial: {}, decide: {}, evolve: {} }]);
const before = { caseId: id, outcome: oneOf('won', 'lost') };
const sampleOf = (shape: Version['shape']) => [{ fields: fieldsOf(shape) } as Sample];

test('an event that is new, a version that is new and a field that is new each want a sample', () => {
  const stored = ({ version }: Version) => (version === 1 ? sampleOf(before) : []);
  expect(untold(schemas({ CaseClosed: event('', before) }), stored)).toEqual([]);
  expect(untold(schemas({ CaseOpened: event('', before) }), () => [])).toHaveLength(1);
  const more = { ...before, note: optional(text) };
  expect(untold(schemas({ CaseClosed: event('', more) }), stored)).toHaveLength(1);
  const renamed = event(
    '',
    { caseId: id, result: text },
    retired(before, ({ caseId, outcome: result }) => ({ caseId, result })),
  );
  expect(untold(schemas({ CaseClosed: renamed }), stored)).toMatchObject([{ version: 2 }]);
});

test('of what is stored no field may go, change its kind, become optional or lose a word', () => {
  const now = (shape: Version['shape']) => broken(fieldsOf(before), fieldsOf(shape));
  expect(now({ ...before, note: optional(text), outcome: oneOf('won', 'lost', 'void') })).toEqual([]);
  expect(now({ caseId: id })).toEqual(['outcome: won | lost became nothing']);
  expect(now({ ...before, caseId: text })).toEqual(['caseId: id became text']);
  expect(now({ ...before, caseId: optional(id) })).toEqual(['caseId: id became id?']);
  expect(now({ ...before, outcome: oneOf('won') })).toEqual(['outcome: won | lost became won']);
});
