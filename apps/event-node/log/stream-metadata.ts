import { isInteger, jsonObject } from './json-members.js';
import { textOfObject } from './json-text.js';
import { TOMBSTONE } from './revisions.js';

/** What of a stream's metadata decides which of its events are readable. */
export interface StreamMetadata {
  readonly truncateBefore?: bigint;
  readonly maxCount?: bigint;
  /** Seconds. */
  readonly maxAge?: bigint;
  /** The whole document, kept only of a deleted stream: it is needed when the stream is written again. */
  readonly document?: Buffer;
}

export const NO_METADATA: StreamMetadata = {};

/**
 * Metadata streams show their last event only, whatever metadata they have themselves. One that was deleted is read
 * on: only who writes to it is told, until a start.
 */
export const metadataOfMetaStream = ({ document }: StreamMetadata = NO_METADATA): StreamMetadata => ({
  maxCount: 1n,
  ...(document && { document }),
});

const LARGEST = 2n ** 63n - 1n;
/** The longest span of time .NET can express, in seconds. */
const LONGEST_AGE = 922_337_203_685n;

const isWithin =
  (largest: bigint) =>
  (value: string): boolean =>
    isInteger(value) && BigInt(value) <= largest && BigInt(value) >= -largest;

/** What the keys that the server knows must look like: one that does not makes the whole document void. */
const WELL_FORMED: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['$tb', isWithin(LARGEST)],
  ['$maxCount', isWithin(LARGEST)],
  ['$maxAge', isWithin(LONGEST_AGE)],
  ['$cacheControl', isWithin(LONGEST_AGE)],
  ['$tmp', (value) => value === 'true' || value === 'false'],
  ['$acl', isAcl],
]);

/** Metadata that is no JSON object, or holds a wrong value, is as if it were absent; it is never an error. */
export function parseStreamMetadata(json: boolean, data: Buffer): StreamMetadata {
  const object = json ? jsonObject(data.toString().replace(/^\ufeff/, '')) : undefined;
  if (!object || object.isCommented) return NO_METADATA;
  const { members } = object;
  if (!members.every(({ name, value }) => WELL_FORMED.get(name)?.(value) ?? true)) return NO_METADATA;
  const values = new Map(members.map(({ name, value }) => [name, value]));
  const from = (key: string, least: bigint): bigint | undefined => {
    const value = BigInt(values.get(key) ?? -1);
    return value >= least ? value : undefined;
  };
  const [truncateBefore, maxCount, maxAge] = [from('$tb', 0n), from('$maxCount', 1n), from('$maxAge', 1n)];
  return {
    ...(truncateBefore === undefined ? {} : { truncateBefore }),
    ...(maxCount === undefined ? {} : { maxCount }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(truncateBefore === TOMBSTONE ? { document: data } : {}),
  };
}

/** The metadata that marks a stream as deleted. */
export const DELETED_METADATA = Buffer.from(`{"$tb":${TOMBSTONE}}`);

/** The metadata of a deleted stream that is written again: all else in it stays. Undefined when it is no JSON object. */
export function undeletedMetadata(data: Buffer, firstRevision: bigint): Buffer | undefined {
  const object = jsonObject(data.toString());
  if (!object?.isAll) return undefined;
  const members = new Map(object.members.map(({ name, value }) => [name, value]));
  return Buffer.from(textOfObject(members.set('$tb', String(firstRevision))));
}

/** Deleted for those who write to it. */
export const isSoftDeleted = ({ document }: StreamMetadata): boolean => document !== undefined;

const ACL = new Set(['$r', '$w', '$d', '$mr', '$mw']);
/** A string, or a list of them. */
const ROLES = /^(?:"(?:[^"\\]|\\.)*"|\[(?:"(?:[^"\\]|\\.)*"(?:,(?!\])|(?=\])))*\])$/;

function isAcl(value: string): boolean {
  return jsonObject(value)?.members.every(({ name, value: roles }) => ACL.has(name) && ROLES.test(roles)) ?? false;
}
