import { CallError, Code } from '../grpc/status.js';
import type { Call } from '../grpc/call.js';
import type { LogEvent } from '../log/log-event.js';
import type { Tail } from '../log/tail.js';
import type { EventFilter } from './filter.js';

/** A consumer that takes nothing for this long, with more waiting than the server keeps for it, is thrown out. */
const PATIENCE = 400;
const KEPT = 64;

/** What is kept at most for one that reads, but not as fast as events come. */
const MOST_EVENTS = 20_000;
const MOST_BYTES = 32 * 1024 * 1024;

/** New events for one subscriber, kept while it takes earlier ones. */
export class LiveFeed {
  private waiting: LogEvent[] = [];
  private bytes = 0;
  private wake: (() => void) | undefined;
  private blockedSince: number | undefined;

  constructor(
    tail: Tail,
    private readonly call: Call,
    private readonly concerns: EventFilter,
  ) {
    const stop = tail.listen(this.push);
    call.onEnd(() => {
      stop();
      this.wake?.();
    });
  }

  /** The events that came since the last time; waits for some. None when the call has ended. */
  async next(): Promise<readonly LogEvent[]> {
    while (this.waiting.length === 0 && this.call.isOpen) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const events = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    return this.call.isOpen ? events : [];
  }

  /** Waits for the caller, but not for ever. */
  async drained(): Promise<void> {
    this.blockedSince = Date.now();
    const timer = setTimeout(this.judge, PATIENCE);
    await this.call.drained();
    clearTimeout(timer);
    this.blockedSince = undefined;
  }

  private readonly push = (events: readonly LogEvent[]): void => {
    for (const event of events) {
      if (!this.concerns(event)) continue;
      this.waiting.push(event);
      this.bytes += event.frame.length;
    }
    if (this.waiting.length === 0) return;
    this.judge();
    this.wake?.();
  };

  private readonly judge = (): void => {
    const isStuck = this.blockedSince !== undefined && Date.now() - this.blockedSince >= PATIENCE;
    const isBehind = this.waiting.length > MOST_EVENTS || this.bytes > MOST_BYTES;
    if (isBehind || (isStuck && this.waiting.length > KEPT)) this.call.fail(tooSlow());
  };
}

const tooSlow = (): CallError =>
  new CallError(
    Code.ABORTED,
    'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
  );
