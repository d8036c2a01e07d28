import { setTimeout } from 'node:timers/promises';
import type { Alarm } from '#kernel';

/** Timers of Node hold no longer; an alarm is set again then. */
const LONGEST_MS = 2 ** 31 - 1;

let lately = { at: NaN, text: '' };

/** Many commands come in one millisecond, and its text takes longer to write than the time to tell. */
function now(): string {
  const at = Date.now();
  if (at !== lately.at) lately = { at, text: new Date(at).toISOString() };
  return lately.text;
}

/** The time of this machine. */
export const systemAlarm: Alarm = {
  now,
  until: async (moment, signal) => {
    for (let left = leftOf(moment); left > 0 && !signal.aborted; left = leftOf(moment))
      await setTimeout(Math.min(left, LONGEST_MS), undefined, { signal }).catch(() => undefined);
  },
};

const leftOf = (moment: string) => Date.parse(moment) - Date.now();

/** Time that stands still until it is set: months pass in a test, and nothing sleeps. */
export class VirtualClock implements Alarm {
  /** Who waits, and for which moment. */
  readonly #waiting = new Map<() => void, string>();

  constructor(private time: string) {}

  now(): string {
    return this.time;
  }

  /** Time never goes back. */
  advanceTo(moment: string): void {
    if (moment > this.time) this.time = moment;
    for (const [wake, awaited] of this.#waiting) if (awaited <= this.time) wake();
  }

  until(moment: string, signal: AbortSignal): Promise<void> {
    if (moment <= this.time || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.set(wake, moment);
      signal.addEventListener('abort', wake);
    });
  }
}
