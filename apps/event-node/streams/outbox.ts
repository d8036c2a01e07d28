import type { Call } from '../grpc/call.js';

/** The largest frame that HTTP/2 clients take by default. With larger writes a reader waits longer between two of them. */
const FULL = 16 * 1024;

/** To hand over so many pieces costs less than to copy them into one. */
const FEW = 4;

/** Gathers frames into larger writes, cuts long runs of them into smaller ones, and waits for callers that do not keep up. */
export class Outbox {
  private frames: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly call: Call) {}

  add(frame: Buffer): void {
    this.frames.push(frame);
    this.bytes += frame.length;
  }

  get isFull(): boolean {
    return this.bytes >= FULL;
  }

  /** Sends frames that lie behind each other already. The last of them wait for what comes behind. */
  async send(frames: Buffer): Promise<void> {
    let at = 0;
    for (; frames.length - at > 2 * FULL && this.call.isOpen; at += FULL) {
      this.add(frames.subarray(at, at + FULL));
      await this.flush();
    }
    this.add(frames.subarray(at));
    if (this.bytes > 2 * FULL) await this.flush();
  }

  /** Writes what was gathered; false when the caller has yet to take it. */
  write(): boolean {
    if (this.frames.length === 0) return true;
    const frames = this.frames.length > FEW ? [Buffer.concat(this.frames, this.bytes)] : this.frames;
    this.frames = [];
    this.bytes = 0;
    return this.call.write(...frames);
  }

  /** Writes what was gathered and waits until the caller has taken it. */
  async flush(): Promise<void> {
    if (!this.write()) await this.call.drained();
  }
}
