/** Bytes that grow at their end. What was handed out stays valid: nothing that was written is written again. */
export class GrowingBytes {
  private memory: Buffer;
  private used = 0;

  constructor(capacity: number) {
    this.memory = Buffer.allocUnsafeSlow(capacity);
  }

  get capacity(): number {
    return this.memory.length;
  }

  get length(): number {
    return this.used;
  }

  get bytes(): Buffer {
    return this.memory.subarray(0, this.used);
  }

  add(more: Uint8Array): void {
    const length = this.used + more.length;
    if (length > this.memory.length) this.grow(Math.max(length, 2 * this.memory.length));
    this.memory.set(more, this.used);
    this.used = length;
  }

  private grow(capacity: number): void {
    const larger = Buffer.allocUnsafeSlow(capacity);
    larger.set(this.bytes);
    this.memory = larger;
  }
}
