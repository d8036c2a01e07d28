import type { LogEvent } from '../log/log-event.js';
import { checkpoint } from '../protocol/read-replies.js';

/** Matching events that end a page of history. */
const PAGE_MATCHES = 32;

/**
 * When a filtered subscription is told a checkpoint. History is counted in pages, of at most a window of events
 * considered and 32 that match: a page that brings the count to the interval is followed by the position of its last
 * match, or of where it began. Live, every so many events one is told with the event's own position. The count is
 * carried over from one page to the next, and to live.
 */
export class Checkpoints {
  private counted = 0;
  private considered = 0;
  private matches = 0;
  private firstOfPage: bigint | undefined;
  private lastMatch: bigint | undefined;

  constructor(
    private readonly window: number,
    private readonly interval: number,
  ) {}

  /** History begins with the log: its first page does so at 0, where no event is. */
  beginAtStart(): void {
    this.firstOfPage = 0n;
  }

  /** After an event of history: the checkpoint that follows it, if one does. */
  inHistory({ position }: LogEvent, isMatch: boolean): Buffer | undefined {
    this.considered++;
    this.firstOfPage ??= position;
    if (isMatch) {
      this.matches++;
      this.lastMatch = position;
    }
    if (this.considered < this.window && this.matches < PAGE_MATCHES) return undefined;
    const due =
      this.lastMatch === undefined ? checkpoint(this.firstOfPage, 0n) : checkpoint(this.lastMatch, this.lastMatch);
    this.firstOfPage = undefined;
    return this.endPage() ? due : undefined;
  }

  /** History has ended: what its last page counted goes on counting, but is not told. */
  endHistory(): void {
    this.counted += this.considered;
    this.considered = 0;
  }

  live({ position }: LogEvent): Buffer | undefined {
    this.counted++;
    if (this.counted < this.interval) return undefined;
    this.counted = 0;
    return checkpoint(position, position);
  }

  private endPage(): boolean {
    this.counted += this.considered;
    this.considered = 0;
    this.matches = 0;
    this.lastMatch = undefined;
    if (this.counted < this.interval) return false;
    this.counted %= this.interval;
    return true;
  }
}
