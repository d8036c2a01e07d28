import { setTimeout } from 'node:timers/promises';

const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/** Waits longer after each failure in a row, at random within the half, so that hosts do not come back together. */
export class Backoff {
  #failures = 0;

  reset(): void {
    this.#failures = 0;
  }

  /** Ends at once when aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    const longest = Math.min(FIRST_MS * 2 ** this.#failures++, LONGEST_MS);
    await setTimeout(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}
