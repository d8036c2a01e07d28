import { setTimeout as delay } from 'node:timers/promises';

/** Nothing came within our own deadline: what was asked may or may not have been done. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(what: string, milliseconds: number) {
    super(`no answer within ${milliseconds} ms: ${what}`);
  }
}

/** Waits no longer than our own deadline: the client has none for appends under way, and none at all for reads. Told of each answer, also of one that comes too late. */
export function within<T>(
  milliseconds: number,
  what: string,
  work: Promise<T>,
  onAnswer: () => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new NoAnswer(what, milliseconds));
    // If it was this process that stood still, the answer lies in a buffer: it is taken from there first.
    const timer = setTimeout(() => setImmediate(giveUp), milliseconds);
    const succeed = (value: T) => {
      clearTimeout(timer);
      onAnswer();
      resolve(value);
    };
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    work.then(succeed, fail);
  });
}

/** Calls back when a wait has lasted too long; time between waits does not count. */
export class SilenceTimer {
  #waiting = false;
  readonly #timer: NodeJS.Timeout;

  constructor(milliseconds: number, onSilence: () => void) {
    this.#timer = setTimeout(() => {
      setImmediate(() => {
        if (this.#waiting) onSilence();
      });
    }, milliseconds);
  }

  wait(): void {
    this.#waiting = true;
    this.#timer.refresh();
  }

  /** Goes on with the wait that has just been found too long, unless it is over. */
  again(): void {
    if (this.#waiting) this.#timer.refresh();
  }

  heard(): void {
    this.#waiting = false;
  }

  stop(): void {
    this.#waiting = false;
    clearTimeout(this.#timer);
  }
}

/** Waits before another try: longer after each failure, and never in step with other callers. Ends at once when aborted. */
export async function pause(
  failures: number,
  { firstPause, longestPause }: { readonly firstPause: number; readonly longestPause: number },
  signal: AbortSignal,
): Promise<void> {
  const longest = Math.min(longestPause, firstPause * 2 ** failures);
  await delay(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
}
