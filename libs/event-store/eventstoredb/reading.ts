import type { StreamingRead } from '@eventstore/db-client';
import { NoAnswer, SilenceTimer } from './deadline.js';

interface ReadOptions {
  readonly what: string;
  /** The longest wait between two events, in milliseconds. */
  readonly silence: number;
  readonly lost?: AbortSignal;
}

/**
 * What a read brings, to its end, or to where the reader leaves: the call is then cancelled, which the client does not.
 * @throws NoAnswer when it stays silent, and when it was cut short, which the client passes off as an ordinary end
 */
export async function* drain<T>(read: StreamingRead<T>, { what, silence, lost }: ReadOptions): AsyncIterable<T> {
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
    if (lost?.aborted) throw new Error(`cut short when its client was replaced: ${what}`);
  } finally {
    timer.stop();
    if (!isOver) void read.cancel().catch(() => undefined);
  }
}
