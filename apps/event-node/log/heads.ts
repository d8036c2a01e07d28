import { LRUCache } from 'lru-cache';
import { decodeEventFrame } from '../protocol/event-frame.js';
import { columnText } from './column-text.js';
import type { LogDatabase } from './database.js';
import { NONE } from './revisions.js';
import { METADATA_OF_META_STREAMS, NO_METADATA, parseStreamMetadata, type StreamMetadata } from './stream-metadata.js';
import { isMetaStream, metaStreamOf } from './stream-names.js';

/** How far a stream has come, and what its metadata says. */
export interface Head {
  readonly lastRevision: bigint;
  readonly lastMetaRevision: bigint;
  readonly metadata: StreamMetadata;
}

const REMEMBERED = 100_000;

const LOAD = `
  select s.number, e.revision, m.revision as meta_revision, m.frame as meta_frame
  from unnest($1::text[], $2::text[]) with ordinality s(stream, meta, number)
  left join lateral (
    select revision from event_log.events where stream = s.stream order by revision desc limit 1) e on true
  left join lateral (
    select revision, frame from event_log.events where stream = s.meta order by revision desc limit 1) m on true`;

interface HeadRow {
  number: string;
  revision: string | null;
  meta_revision: string | null;
  meta_frame: Buffer | null;
}

/** The heads of streams as far as they are committed: those used last in memory, all others asked for. */
export class Heads {
  private readonly known = new LRUCache<string, Head>({ max: REMEMBERED });

  constructor(private readonly database: LogDatabase) {}

  /** The head if it is in memory. */
  peek(stream: string): Head | undefined {
    return this.known.get(stream);
  }

  set(stream: string, head: Head): void {
    this.known.set(stream, head);
  }

  async get(stream: string): Promise<Head> {
    return this.known.get(stream) ?? (await this.load([stream])).get(stream) ?? EMPTY;
  }

  /** Forgets everything, for when it is not known what was committed. */
  clear(): void {
    this.known.clear();
  }

  async load(streams: readonly string[]): Promise<ReadonlyMap<string, Head>> {
    const { rows } = await this.database.query<HeadRow>({
      name: 'heads',
      text: LOAD,
      values: [streams.map(columnText), streams.map((stream) => columnText(metaStreamOf(stream)))],
    });
    const heads = new Map<string, Head>();
    for (const row of rows) {
      const stream = streams[Number(row.number) - 1];
      if (stream === undefined) continue;
      // A commit that ended meanwhile has set a newer head.
      const head = this.known.get(stream) ?? headOfRow(stream, row);
      this.known.set(stream, head);
      heads.set(stream, head);
    }
    return heads;
  }
}

export const EMPTY: Head = { lastRevision: NONE, lastMetaRevision: NONE, metadata: NO_METADATA };

function headOfRow(stream: string, row: HeadRow): Head {
  return {
    lastRevision: row.revision === null ? NONE : BigInt(row.revision),
    lastMetaRevision: row.meta_revision === null ? NONE : BigInt(row.meta_revision),
    metadata: metadataOf(stream, row.meta_frame),
  };
}

function metadataOf(stream: string, frame: Buffer | null): StreamMetadata {
  if (isMetaStream(stream)) return METADATA_OF_META_STREAMS;
  if (!frame) return NO_METADATA;
  const { json, data } = decodeEventFrame(frame);
  return parseStreamMetadata(json, data);
}
