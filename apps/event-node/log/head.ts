import { decodeEventFrame } from '../protocol/event-frame.js';
import { NONE } from './revisions.js';
import { metadataOfMetaStream, NO_METADATA, parseStreamMetadata, type StreamMetadata } from './stream-metadata.js';
import { isMetaStream } from './stream-names.js';

/** How far a stream has come, and what its metadata says. */
export interface Head {
  readonly lastRevision: bigint;
  readonly lastMetaRevision: bigint;
  readonly metadata: StreamMetadata;
}

export const EMPTY: Head = { lastRevision: NONE, lastMetaRevision: NONE, metadata: NO_METADATA };

/** What the last rows of a stream and of its metadata stream say of it; absent rows were never written. */
export interface LastRows {
  readonly revision?: string | null | undefined;
  readonly metaRevision?: string | null | undefined;
  readonly metaFrame?: Buffer | null | undefined;
}

export const headOf = (stream: string, { revision, metaRevision, metaFrame }: LastRows): Head => ({
  lastRevision: BigInt(revision ?? NONE),
  lastMetaRevision: BigInt(metaRevision ?? NONE),
  metadata: metadataOf(stream, metaFrame ?? undefined),
});

function metadataOf(stream: string, frame: Buffer | undefined): StreamMetadata {
  if (isMetaStream(stream)) return metadataOfMetaStream();
  if (!frame) return NO_METADATA;
  const { json, data } = decodeEventFrame(frame);
  return parseStreamMetadata(json, data);
}
