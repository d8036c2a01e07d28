import type { LogEvent } from './log-event.js';

const MOST_EVENTS = 8192;
const MOST_BYTES = 32 * 1024 * 1024;

export type TailListener = (events: readonly LogEvent[]) => void;

/** The last events committed, and who wants to hear of new ones. */
export class Tail {
  private events: LogEvent[] = [];
  private bytes = 0;
  private start: bigint;
  private last: bigint;
  private readonly listeners = new Set<TailListener>();

  /** `position` is that of the last event committed so far. */
  constructor(position: bigint) {
    this.start = position;
    this.last = position;
  }

  /** Position of the last event committed. */
  get position(): bigint {
    return this.last;
  }

  publish(events: readonly LogEvent[]): void {
    const newest = events.at(-1);
    if (!newest) return;
    for (const event of events) {
      this.events.push(event);
      this.bytes += event.frame.length;
    }
    this.last = newest.position;
    if (this.events.length > 2 * MOST_EVENTS || this.bytes > 2 * MOST_BYTES) this.shorten();
    for (const listener of this.listeners) listener(events);
  }

  /** Whether all events after a position are still here. */
  remembers(position: bigint): boolean {
    return position >= this.start;
  }

  /** All events after a position, or undefined when not all of them are remembered. */
  since(position: bigint): readonly LogEvent[] | undefined {
    if (!this.remembers(position)) return undefined;
    let from = this.events.length;
    for (let event = this.events[from - 1]; event && event.position > position; event = this.events[from - 1]) from--;
    return this.events.slice(from);
  }

  listen(listener: TailListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private shorten(): void {
    let drop = Math.max(0, this.events.length - MOST_EVENTS);
    let bytes = this.bytes;
    for (let at = 0; at < drop; at++) bytes -= this.events[at]?.frame.length ?? 0;
    while (bytes > MOST_BYTES && drop < this.events.length) bytes -= this.events[drop++]?.frame.length ?? 0;
    const forgotten = this.events[drop - 1];
    if (!forgotten) return;
    this.start = forgotten.position;
    this.events = this.events.slice(drop);
    this.bytes = bytes;
  }
}
