import type { AppendRequest } from './append-request.js';
import type { Head } from './head.js';
import type { IdMemory } from './id-memory.js';
import { ANY, NO_STREAM, NONE, STREAM_EXISTS, TOMBSTONE } from './revisions.js';
import { isSoftDeleted } from './stream-metadata.js';

/** What the log says to a request, before anything is written. */
export type Decision =
  | { readonly kind: 'accept' }
  /** Written before: `last` is the revision of the last event of the request. */
  | { readonly kind: 'repeat'; readonly last: bigint }
  | { readonly kind: 'wrong-revision' }
  | { readonly kind: 'stream-deleted' }
  /** The real server fails over its own answer here, and the caller never hears anything. */
  | { readonly kind: 'silence' };

/** The ids written at consecutive revisions of a stream. */
export type IdsAt = (stream: string, from: bigint, count: number) => Promise<readonly string[]>;

const ACCEPT: Decision = { kind: 'accept' };
const WRONG_REVISION: Decision = { kind: 'wrong-revision' };
const STREAM_DELETED: Decision = { kind: 'stream-deleted' };

/**
 * Expected revision and idempotency, by the rule of EventStoreDB: under ANY and STREAM_EXISTS the memory of ids is
 * asked, under an older revision the ids on disk at that place, under the current revision nothing at all.
 */
export function decide(
  request: AppendRequest,
  head: Head,
  memory: IdMemory,
  idsAt: IdsAt,
): Decision | Promise<Decision> {
  const { expected } = request;
  if (head.lastRevision === TOMBSTONE) return STREAM_DELETED;
  if (expected === STREAM_EXISTS) {
    if (isSoftDeleted(head.metadata)) return STREAM_DELETED;
    if (isUnknown(head)) return WRONG_REVISION;
  }
  if (request.kind === 'delete' && isUnknown(head)) return WRONG_REVISION;
  if (expected === ANY || expected === STREAM_EXISTS) return decideByMemory(request, memory);
  if (expected > head.lastRevision) return WRONG_REVISION;
  if (expected === head.lastRevision) return ACCEPT;
  return decideByStoredIds(request, head, idsAt);
}

/** A stream with metadata only exists. */
const isUnknown = (head: Head): boolean => head.lastRevision === NONE && head.lastMetaRevision === NONE;

function decideByMemory({ stream, events }: AppendRequest, memory: IdMemory): Decision {
  let first: bigint | undefined;
  let last = NONE;
  for (const { id } of events) {
    const known = memory.find(id, stream);
    if (!known) return first === undefined ? ACCEPT : WRONG_REVISION;
    first ??= known.revision;
    last = known.revision;
  }
  if (first === undefined) return ACCEPT;
  return last < first - 1n ? { kind: 'silence' } : { kind: 'repeat', last };
}

async function decideByStoredIds(request: AppendRequest, head: Head, idsAt: IdsAt): Promise<Decision> {
  const { stream, expected, events } = request;
  const recreates = expected === NO_STREAM && isSoftDeleted(head.metadata);
  if (request.kind !== 'append') return recreates ? ACCEPT : WRONG_REVISION;
  if (events.length === 0) return WRONG_REVISION;
  const stored = await idsAt(stream, expected + 1n, events.length);
  const differing = events.findIndex(({ id }, index) => stored[index] !== id);
  if (differing === -1) return { kind: 'repeat', last: expected + BigInt(events.length) };
  return differing === 0 && recreates ? ACCEPT : WRONG_REVISION;
}
