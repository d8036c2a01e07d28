import { z } from 'zod';
import { isInteger, jsonMembers } from './json-members.js';
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
const WELL_FORMED: Readonly<Record<string, (value: string) => boolean>> = {
  $tb: isWithin(LARGEST),
  $maxCount: isWithin(LARGEST),
  $maxAge: isWithin(LONGEST_AGE),
  $cacheControl: isWithin(LONGEST_AGE),
  $tmp: (value) => value === 'true' || value === 'false',
  $acl: isAcl,
};

/** Metadata that is no JSON object, or holds a wrong value, is as if it were absent; it is never an error. */
export function parseStreamMetadata(json: boolean, data: Buffer): StreamMetadata {
  const members = json ? jsonMembers(data.toString()) : undefined;
  if (!members?.every(({ name, value }) => WELL_FORMED[name]?.(value) ?? true)) return NO_METADATA;
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
  const members = jsonMembers(data.toString());
  if (!members) return undefined;
  const kept = new Map(members.map(({ name, value }) => [name, value])).set('$tb', String(firstRevision));
  return Buffer.from(`{${[...kept].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`);
}

/** Deleted for those who write to it. */
export const isSoftDeleted = ({ document }: StreamMetadata): boolean => document !== undefined;

const ROLES = z.union([z.string(), z.array(z.string())]);
const ACL = z.strictObject({ $r: ROLES, $w: ROLES, $d: ROLES, $mr: ROLES, $mw: ROLES }).partial();

function isAcl(value: string): boolean {
  return ACL.safeParse(JSON.parse(value)).success;
}
