import { LRUCache } from 'lru-cache';
import { columnText } from './column-text.js';
import type { LogDatabase } from './database.js';
import { EMPTY, headOf, type Head } from './head.js';
import { openStream, type StreamOpening, type StreamSpan } from './stream-opening.js';
import { metaStreamOf } from './stream-names.js';

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

  /** The head for a read that begins; one that is not in memory comes with the first events. */
  async open(stream: string, span: StreamSpan): Promise<Pick<StreamOpening, 'head'> & Partial<StreamOpening>> {
    const head = this.known.get(stream);
    if (head) return { head };
    const opening = await openStream(this.database, stream, span);
    this.learn(stream, opening.head);
    return opening;
  }

  async load(streams: readonly string[]): Promise<ReadonlyMap<string, Head>> {
    const { rows } = await this.database.query<HeadRow>({
      name: 'heads',
      text: LOAD,
      values: [streams.map(columnText), streams.map((stream) => columnText(metaStreamOf(stream)))],
    });
    const heads = new Map<string, Head>();
    for (const { number, revision, meta_revision: metaRevision, meta_frame: metaFrame } of rows) {
      const stream = streams[Number(number) - 1];
      if (stream === undefined) continue;
      heads.set(stream, this.learn(stream, headOf(stream, { revision, metaRevision, metaFrame })));
    }
    return heads;
  }

  /** A commit that ended meanwhile has set a newer head. */
  private learn(stream: string, found: Head): Head {
    const head = this.known.get(stream) ?? found;
    this.known.set(stream, head);
    return head;
  }
}
