import { columnText } from './column-text.js';
import type { LogDatabase } from './database.js';
import { Frames } from './frames.js';
import { headOf, type Head } from './head.js';
import { metaStreamOf } from './stream-names.js';

/** How a read goes through a stream. */
export interface StreamSpan {
  readonly first: bigint;
  readonly backwards: boolean;
  /** So many events at first. */
  readonly count: number;
  /** No more than so many of those that can be read. */
  readonly most: number;
}

/** A stream as a read begins. */
export interface StreamOpening {
  readonly head: Head;
  /** From the first one on, whether truncated or not. */
  readonly frames: Frames;
}

/** One row an event; one without an event when there is none. */
const sql = (comparison: string, order: string): string => `
  select event.frame, last.revision, metadata.revision as meta_revision, metadata.frame as meta_frame
  from (select) stream
  left join lateral (
    select revision from event_log.events where stream = $1 order by revision desc limit 1) last on true
  left join lateral (
    select revision, frame from event_log.events where stream = $2 order by revision desc limit 1) metadata on true
  left join lateral (
    select revision, frame from event_log.events
    where stream = $1 and revision ${comparison} $3 order by revision ${order} limit $4) event on true
  order by event.revision ${order}`;

const FORWARDS = { name: 'open-forwards', text: sql('>=', 'asc') };
const BACKWARDS = { name: 'open-backwards', text: sql('<=', 'desc') };

interface Row {
  frame: Buffer | null;
  revision: string | null;
  meta_revision: string | null;
  meta_frame: Buffer | null;
}

/** The head of a stream and its first events with one question. */
export async function openStream(
  database: LogDatabase,
  stream: string,
  { first, backwards, count }: StreamSpan,
): Promise<StreamOpening> {
  const { rows } = await database.query<Row>({
    ...(backwards ? BACKWARDS : FORWARDS),
    values: [columnText(stream), columnText(metaStreamOf(stream)), first.toString(), count],
  });
  const [row] = rows;
  return {
    head: headOf(stream, { revision: row?.revision, metaRevision: row?.meta_revision, metaFrame: row?.meta_frame }),
    frames: Frames.of(rows.flatMap(({ frame }) => frame ?? [])),
  };
}
