import { setTimeout as delay } from 'node:timers/promises';

/** Nothing came within our own deadline: what was asked may or may not have been done. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(what: string, milliseconds: number) {
    super(`no answer within ${milliseconds} ms: ${what}`);
  }
}

/** Who wants to know how a call went. */
export interface Witness {
  /** Told of each answer, also of one that comes too late. */
  answered(): void;
  /** Told once, of what the caller is told: a failure, or that no answer came. */
  failed(error: unknown): void;
}

const NOBODY: Witness = { answered: () => undefined, failed: () => undefined };

/** Waits no longer than our own deadline: the client has none for appends under way, and none at all for reads. */
export function within<T>(milliseconds: number, what: string, work: Promise<T>, witness = NOBODY): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const fail = (error: Error) => {
      clearTimeout(timer);
      if (isOver) return;
      isOver = true;
      reject(error);
      witness.failed(error);
    };
    // If it was this process that stood still, the answer lies in a buffer: it is taken from there first.
    const giveUp = () => setImmediate(() => fail(new NoAnswer(what, milliseconds)));
    const timer = setTimeout(giveUp, milliseconds);
    const succeed = (value: T) => {
      clearTimeout(timer);
      isOver = true;
      resolve(value);
      witness.answered();
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
