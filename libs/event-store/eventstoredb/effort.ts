import { EventStoreUnavailable } from '../failures.js';
import { pause } from './deadline.js';
import type { Patience } from './options.js';
import { isTransient } from './outcome.js';

/** The tries at one thing: as many as there is patience for, ever further apart. */
export class Effort {
  #failures = 0;
  #firstAt = 0;

  constructor(
    private readonly what: string,
    private readonly patience: Patience,
    private readonly closed: AbortSignal,
  ) {}

  /** Something was achieved: the next failure is a first one again. */
  progressed(): void {
    this.#failures = 0;
  }

  /** Waits before the next try. @throws the error when another try cannot help, EventStoreUnavailable when patience is over */
  async failed(error: unknown): Promise<void> {
    if (!isTransient(error)) throw error;
    const now = performance.now();
    if (this.#failures === 0) this.#firstAt = now;
    if (now - this.#firstAt < this.patience.call) await pause(this.#failures++, this.patience, this.closed);
    else throw new EventStoreUnavailable(this.what, error);
    if (this.closed.aborted) throw new EventStoreUnavailable(this.what, error);
  }

  /** Repeats a call until it is answered. What it does must be safe to be done twice. */
  until<T>(call: () => Promise<T>): Promise<T> {
    return call().catch((error: unknown) => this.again(call, error));
  }

  private async again<T>(call: () => Promise<T>, first: unknown): Promise<T> {
    for (let error = first; ;) {
      await this.failed(error);
      try {
        return await call();
      } catch (next) {
        error = next;
      }
    }
  }
}
