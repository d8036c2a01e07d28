import type { StreamingRead } from '@eventstore/db-client';
import { NoAnswer, SilenceTimer } from './deadline.js';
import type { Inbox } from './inbox.js';

interface ReadOptions {
  readonly what: string;
  /** The longest wait between two events, in milliseconds. */
  readonly silence: number;
}

/**
 * What a read brings, to its end, or to where the reader leaves: the call is then cancelled, which the client does not.
 * @throws NoAnswer when it stays silent
 */
export async function* drain<T>(read: StreamingRead<T>, { what, silence }: ReadOptions): AsyncIterable<T> {
  // The client emits errors also when nobody reads any more.
  read.on('error', () => undefined);
  const timer = new SilenceTimer(silence, () => read.destroy(new NoAnswer(what, silence)));
  let isOver = false;
  try {
    timer.wait();
    for await (const event of read) {
      timer.heard();
      yield event;
      timer.wait();
    }
    isOver = true;
  } finally {
    timer.stop();
    if (!isOver) void read.cancel().catch(() => undefined);
  }
}

/**
 * What the calls of our own bring, as it comes, to the end, or to where the reader leaves: the call is then cancelled.
 * @throws NoAnswer when it stays silent, and when it was cut short because its client was thrown away
 */
export async function* arrivals<T>(
  inbox: Inbox<T>,
  { what, silence, lost }: ReadOptions & { readonly lost: AbortSignal },
): AsyncIterable<readonly T[]> {
  const timer = new SilenceTimer(silence, () => {
    inbox.end(new NoAnswer(what, silence));
  });
  try {
    timer.wait();
    for (let items = await inbox.take(); items !== undefined; items = await inbox.take()) {
      timer.heard();
      yield items;
      timer.wait();
    }
    if (lost.aborted) throw new Error(`cut short when its client was replaced: ${what}`);
  } finally {
    timer.stop();
    inbox.end();
  }
}
