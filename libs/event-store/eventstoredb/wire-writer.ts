const ROOM = 64 * 1024;

/**
 * Writes protobuf messages, framed as gRPC sends them, one behind the other into one buffer. Tags are field number × 8 +
 * wire type and less than 128. The length of a part is written behind its content, which is moved where a byte is too short.
 */
export class WireWriter {
  #bytes = Buffer.allocUnsafeSlow(ROOM);
  #end = 0;

  /** A message of its own, as it travels: not compressed, its length, its content. */
  frame(write: () => void): void {
    this.#reserve(5);
    const start = this.#end;
    this.#end += 5;
    write();
    this.#bytes[start] = 0;
    this.#bytes.writeUInt32BE(this.#end - start - 5, start + 1);
  }

  message(tag: number, write: () => void): void {
    this.#reserve(2);
    this.#bytes[this.#end++] = tag;
    const start = ++this.#end;
    write();
    const length = this.#end - start;
    if (length >= 0x80) {
      const more = lengthOf(length) - 1;
      this.#reserve(more);
      this.#bytes.copyWithin(start + more, start, this.#end);
    }
    this.#end = start - 1;
    this.#number(length);
    this.#end += length;
  }

  text(tag: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.#reserve(length + 6);
    this.#bytes[this.#end++] = tag;
    this.#number(length);
    this.#end += this.#bytes.write(value, this.#end, length, 'utf8');
  }

  number(tag: number, value: number | bigint): void {
    this.#reserve(11);
    this.#bytes[this.#end++] = tag;
    if (typeof value === 'number') this.#number(value);
    else if (value <= Number.MAX_SAFE_INTEGER) this.#number(Number(value));
    else this.#largeNumber(value);
  }

  /** Parts of a message that were written before. */
  raw(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#end);
    this.#end += bytes.length;
  }

  /** A copy of all that was written; the writer is empty then. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
    if (this.#bytes.length > 16 * ROOM) this.#bytes = Buffer.allocUnsafeSlow(ROOM);
    return taken;
  }

  #number(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#end++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#end++] = rest;
  }

  #largeNumber(value: bigint): void {
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) this.#bytes[this.#end++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#end++] = Number(rest);
  }

  #reserve(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#end + count));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

function lengthOf(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}
