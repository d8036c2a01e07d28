import type { Frames } from './frames.js';
import type { Heads } from './heads.js';
import { pagesAhead } from './pages.js';
import { BLOCK, type LogReader } from './reader.js';
import type { StreamMemory } from './stream-memory.js';
import type { Tail } from './tail.js';

/** So much of the end of the log, by positions: the memories have room for all that lies in it. */
const RECOLLECTED = 64n * 1024n * 1024n;

interface Log {
  readonly reader: LogReader;
  readonly heads: Heads;
  readonly streams: StreamMemory;
  readonly tail: Tail;
}

/**
 * Brings back what was in memory before the node was started: the newest blocks of the log, and the streams that
 * lie in them from their first event on, with their heads. Nobody waits for it, but readers share the processor with it.
 */
export async function recollect({ reader, heads, streams, tail }: Log): Promise<void> {
  const end = tail.position;
  const begin = end > RECOLLECTED ? ((end - RECOLLECTED) / BLOCK) * BLOCK : 0n;
  const pages = pagesAhead(
    begin,
    (from) => from <= end,
    (from) => reader.forwards(from, end),
  );
  for await (const { frames } of pages) {
    const begun = runsOf(frames)
      .filter(({ stream, first, events }) => streams.recollect(stream, first, events))
      .map(({ stream }) => stream)
      .filter((stream) => heads.peek(stream) === undefined);
    if (begun.length > 0) await heads.load(begun);
  }
}

interface Run {
  readonly stream: string;
  readonly first: bigint;
  readonly events: Buffer[];
}

/** What each stream has in a page. */
function runsOf(frames: Frames): Run[] {
  const runs = new Map<string, Run>();
  for (const { stream, revision, frame } of frames.events()) {
    const run = runs.get(stream);
    if (run) {
      // A tombstone follows upon nothing.
      if (revision === run.first + BigInt(run.events.length)) run.events.push(frame);
    } else runs.set(stream, { stream, first: revision, events: [frame] });
  }
  return [...runs.values()];
}
