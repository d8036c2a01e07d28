import type { Call } from '../grpc/call.js';

const FULL = 64 * 1024;

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

  /** Sends frames that lie behind each other already. */
  async send(frames: Buffer): Promise<void> {
    if (frames.length <= FULL) {
      this.add(frames);
      if (this.isFull) await this.flush();
      return;
    }
    await this.flush();
    for (let at = 0; at < frames.length && this.call.isOpen; at += FULL)
      if (!this.call.write(frames.subarray(at, at + FULL))) await this.call.drained();
  }

  /** Writes what was gathered; false when the caller has yet to take it. */
  write(): boolean {
    if (this.frames.length === 0) return true;
    const [only] = this.frames;
    const bytes = this.frames.length === 1 && only ? only : Buffer.concat(this.frames, this.bytes);
    this.frames = [];
    this.bytes = 0;
    return this.call.write(bytes);
  }

  /** Writes what was gathered and waits until the caller has taken it. */
  async flush(): Promise<void> {
    if (!this.write()) await this.call.drained();
  }
}
