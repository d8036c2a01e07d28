import { columnText } from './column-text.js';
import type { LogDatabase } from './database.js';
import { headOf, type Head } from './head.js';
import { StoredLogEvent, type LogEvent } from './log-event.js';
import { metaStreamOf } from './stream-names.js';

/** How a read goes through a stream. */
export interface StreamSpan {
  readonly first: bigint;
  readonly backwards: boolean;
  /** No more than so many events at once. */
  readonly count: number;
}

/** A stream as a read begins. */
export interface StreamOpening {
  readonly head: Head;
  /** From the first one on, whether truncated or not. */
  readonly events: readonly LogEvent[];
}

const sql = (comparison: string, order: string): string => `
  (select 'event' as part, revision, frame from event_log.events
   where stream = $1 and revision ${comparison} $3 order by revision ${order} limit $4)
  union all
  (select 'last', revision, null from event_log.events where stream = $1 order by revision desc limit 1)
  union all
  (select 'metadata', revision, frame from event_log.events where stream = $2 order by revision desc limit 1)
  order by revision ${order}`;

const FORWARDS = { name: 'open-forwards', text: sql('>=', 'asc') };
const BACKWARDS = { name: 'open-backwards', text: sql('<=', 'desc') };

interface Row {
  part: 'event' | 'last' | 'metadata';
  revision: string;
  frame: Buffer;
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
  const last = rows.find(({ part }) => part === 'last');
  const metadata = rows.find(({ part }) => part === 'metadata');
  return {
    head: headOf(stream, {
      revision: last?.revision,
      metaRevision: metadata?.revision,
      metaFrame: metadata?.frame,
    }),
    events: rows.filter(({ part }) => part === 'event').map(({ frame }) => new StoredLogEvent(frame)),
  };
}
