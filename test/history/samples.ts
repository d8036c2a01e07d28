import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { aggregates } from '#crm/index';
import { Codec, type SubjectKeys } from '#event-store';
import type { RecordedEvent } from '#kernel';
import { FixedKeys } from '../subject-keys.js';
import { dataFor, ENVELOPE } from './example.js';
import { allVersions, fieldsOf, type Fields, type Version } from './versions.js';

const FOLDER = 'test/history/samples';

/** An event as it was stored when its version was written, the fields which that version had, and what it says today. */
export interface Sample {
  readonly fields: Fields;
  readonly stored: {
    readonly id: string;
    readonly type: string;
    readonly stream: string;
    readonly revision: number;
    readonly data: Readonly<Record<string, unknown>>;
    readonly metadata: Readonly<Record<string, unknown>>;
  };
  readonly reads: Readonly<Record<string, unknown>>;
}

/** The stored samples of a version: one when it was new, and another whenever fields were added to it. */
export function samplesOf({ aggregate, type, version }: Version): readonly Sample[] {
  const folder = `${FOLDER}/${aggregate.name}`;
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => new RegExp(`^${type}\\.${version}[b-z]?\\.json$`).test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Sample);
}

/** Versions that no sample tells wholly. */
export const untold = (versions: readonly Version[], samples = samplesOf): readonly Version[] =>
  versions.filter((version) => {
    const known = samples(version).flatMap(({ fields }) => Object.keys(fields));
    return Object.keys(fieldsOf(version.shape)).some((path) => !known.includes(path));
  });

/** Files of samples that belong to no version: an event, or a version of it, was taken out of the code. */
export const orphans = (versions: readonly Version[] = allVersions): readonly string[] =>
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .filter(
      (path) =>
        !versions.some(({ aggregate, type, version }) => path.startsWith(`${aggregate.name}/${type}.${version}`)),
    );

/** The codec of today, with keys that follow from the names of their subjects. */
export const codecWith = (keys: SubjectKeys): Codec =>
  new Codec(Object.fromEntries(aggregates.flatMap(({ decider }) => Object.entries(decider.events))), keys, '');

/** What a sample says today, sealed fields opened by these keys. */
export async function readSample({ stored }: Sample, keys: SubjectKeys = new FixedKeys()): Promise<RecordedEvent> {
  const place = { revision: BigInt(stored.revision), position: { commit: 1n, prepare: 1n } };
  const [event] = await codecWith(keys).decode([{ ...stored, ...place }]);
  if (event === undefined) throw new Error(`nobody knows ${stored.type}`);
  return event;
}

/** Stores a sample of a version as it is written now; those there are stay as they are. */
export async function writeSample(version: Version): Promise<string> {
  const { aggregate, type, shape } = version;
  const data = dataFor(shape);
  const stream = `${aggregate.name}-${String(Object.values(data)[0])}`;
  const writer = new Codec({ [type]: { meaning: '', shape, version: version.version } }, new FixedKeys(), '');
  const envelope = { ...ENVELOPE, schemaVersion: version.version };
  const [event] = await writer.encode(stream, [{ eventId: randomUUID(), event: { type, data }, envelope }]);
  if (event === undefined) throw new Error(`${type} was not encoded`);
  const sample = { fields: fieldsOf(shape), stored: { ...event, stream, revision: 2 }, reads: {} };
  const reads = (await readSample(sample)).data;
  const path = `${FOLDER}/${aggregate.name}/${type}.${version.version}${nth(samplesOf(version).length)}.json`;
  mkdirSync(`${FOLDER}/${aggregate.name}`, { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...sample, reads }, null, 2)}\n`, { flag: 'wx' });
  return path;
}

const nth = (before: number): string => (before === 0 ? '' : String.fromCharCode('a'.charCodeAt(0) + before));
