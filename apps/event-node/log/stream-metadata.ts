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

/** Metadata streams show their last event only. */
export const METADATA_OF_META_STREAMS: StreamMetadata = { maxCount: 1n };

/** Metadata that is no JSON object, or has wrong values, is as if it were absent; it is never an error. */
export function parseStreamMetadata(json: boolean, data: Buffer): StreamMetadata {
  if (!json) return NO_METADATA;
  const text = data.toString();
  const document = parseObject(text);
  if (!document) return NO_METADATA;
  const truncateBefore = integer(document, '$tb', text, 0n);
  const maxCount = integer(document, '$maxCount', text, 1n);
  const maxAge = integer(document, '$maxAge', text, 1n);
  return {
    ...(truncateBefore === undefined ? {} : { truncateBefore }),
    ...(maxCount === undefined ? {} : { maxCount }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(truncateBefore === TOMBSTONE ? { document: data } : {}),
  };
}

/** The metadata that marks a stream as deleted. */
export const DELETED_METADATA = Buffer.from(`{"$tb":${TOMBSTONE}}`);

/** The metadata of a deleted stream that is written again: its other keys stay. */
export function undeletedMetadata(data: Buffer | undefined, firstRevision: bigint): Buffer {
  const document = (data && parseObject(data.toString())) ?? {};
  const others = Object.entries(document).filter(([key]) => key !== '$tb');
  const entries = [
    ...others.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`),
    `"$tb":${firstRevision}`,
  ];
  return Buffer.from(`{${entries.join(',')}}`);
}

export const isSoftDeleted = (metadata: StreamMetadata): boolean => metadata.truncateBefore === TOMBSTONE;

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function integer(document: Record<string, unknown>, key: string, text: string, least: bigint): bigint | undefined {
  const value = document[key];
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  const exact = Number.isSafeInteger(value) ? BigInt(value) : literal(text, key);
  return exact !== undefined && exact >= least && exact <= TOMBSTONE ? exact : undefined;
}

/** A number beyond what JSON.parse keeps exactly, as it stands in the text. */
function literal(text: string, key: string): bigint | undefined {
  const digits = new RegExp(`"${key.replaceAll('$', '\\$')}"\\s*:\\s*(\\d+)\\s*[,}]`).exec(text)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}
