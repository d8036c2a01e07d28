import { StoredLogEvent, type LogEvent } from './log-event.js';

/** Of a gRPC message, before its content: a flag and the length. */
const PREFIX = 5;

/** Events as readers are sent them, one behind the other in one memory. Each begins with its length: no list is kept. */
export class Frames {
  static readonly NONE = new Frames(Buffer.alloc(0));
  private counted: number | undefined;

  constructor(readonly bytes: Buffer) {}

  static of(frames: readonly Buffer[]): Frames {
    return new Frames(Buffer.concat(frames));
  }

  get count(): number {
    if (this.counted === undefined) {
      this.counted = 0;
      for (let at = 0; at < this.bytes.length; at = this.endOf(at)) this.counted++;
    }
    return this.counted;
  }

  get first(): LogEvent | undefined {
    return this.bytes.length === 0 ? undefined : new StoredLogEvent(this.bytes.subarray(0, this.endOf(0)));
  }

  get last(): LogEvent | undefined {
    let start = 0;
    for (let end = 0; end < this.bytes.length; end = this.endOf(start)) start = end;
    return this.bytes.length === 0 ? undefined : new StoredLogEvent(this.bytes.subarray(start));
  }

  /** The events, each made when its turn comes. */
  *events(): Generator<LogEvent, void, undefined> {
    for (let at = 0; at < this.bytes.length;) {
      const end = this.endOf(at);
      yield new StoredLogEvent(this.bytes.subarray(at, end));
      at = end;
    }
  }

  /** Without the first `from` events, and only up to the event `to`. */
  slice(from: number, to = Infinity): Frames {
    const start = this.walk(0, from);
    const end = to === Infinity ? this.bytes.length : this.walk(start, to - from);
    return start === 0 && end === this.bytes.length ? this : new Frames(this.bytes.subarray(start, end));
  }

  /** The events from a position on, of events in the order of the log. */
  since(position: bigint): Frames {
    const starts: number[] = [];
    for (let at = 0; at < this.bytes.length; at = this.endOf(at)) starts.push(at);
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (new StoredLogEvent(this.bytes.subarray(starts[middle])).position < position) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? this : new Frames(this.bytes.subarray(starts[low] ?? this.bytes.length));
  }

  private walk(at: number, events: number): number {
    for (let left = events; left > 0 && at < this.bytes.length; left--) at = this.endOf(at);
    return at;
  }

  private endOf(start: number): number {
    return start + PREFIX + this.bytes.readUInt32BE(start + 1);
  }
}
