const SMALL = 64 * 1024;

/**
 * Writes protobuf messages, and gRPC frames around them, into one buffer that is used again and again.
 * Lengths are written after the content: a byte is left free and the content moved when that is not enough.
 */
export class MessageWriter {
  private buffer = Buffer.allocUnsafeSlow(SMALL);
  private length = 0;

  /** One gRPC message: uncompressed flag, length, content. */
  frame(write: () => void): void {
    this.reserve(5);
    const start = this.length;
    this.length += 5;
    write();
    this.buffer[start] = 0;
    this.buffer.writeUInt32BE(this.length - start - 5, start + 1);
  }

  message(field: number, write: () => void): void {
    this.varint(field * 8 + 2);
    this.reserve(1);
    const start = this.length;
    this.length += 1;
    write();
    const size = this.length - start - 1;
    if (size < 0x80) {
      this.buffer[start] = size;
      return;
    }
    const more = varintLength(size) - 1;
    this.reserve(more);
    this.buffer.copyWithin(start + 1 + more, start + 1, this.length);
    this.length = start;
    this.varint(size);
    this.length += size;
  }

  empty(field: number): void {
    this.varint(field * 8 + 2);
    this.varint(0);
  }

  uint(field: number, value: number | bigint): void {
    this.varint(field * 8);
    this.varint(value);
  }

  /** A plain number field: its default is not written. */
  uintUnlessZero(field: number, value: number | bigint): void {
    if (value !== 0 && value !== 0n) this.uint(field, value);
  }

  text(field: number, value: string): void {
    this.varint(field * 8 + 2);
    const size = Buffer.byteLength(value);
    this.varint(size);
    this.reserve(size);
    this.length += this.buffer.write(value, this.length, size, 'utf8');
  }

  bytes(field: number, value: Uint8Array): void {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  /** A copy of what was written; the writer is empty again. */
  take(): Buffer {
    // (By way of `subarray` there would be two: each array over bytes costs more than to copy a message.)
    const result = Buffer.allocUnsafe(this.length);
    this.buffer.copy(result, 0, 0, this.length);
    this.length = 0;
    if (this.buffer.length > 16 * SMALL) this.buffer = Buffer.allocUnsafeSlow(SMALL);
    return result;
  }

  private varint(value: number | bigint): void {
    this.reserve(10);
    if (typeof value === 'bigint') {
      if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
        this.largeVarint(BigInt.asUintN(64, value));
        return;
      }
      value = Number(value);
    }
    while (value >= 0x80) {
      this.buffer[this.length++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.buffer[this.length++] = value;
  }

  private largeVarint(value: bigint): void {
    while (value >= 0x80n) {
      this.buffer[this.length++] = Number(value & 0x7fn) | 0x80;
      value >>= 7n;
    }
    this.buffer[this.length++] = Number(value);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + count));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

const varintLength = (value: number): number => {
  let length = 1;
  while (value >= 0x80) {
    value = Math.floor(value / 0x80);
    length++;
  }
  return length;
};

const shared = new MessageWriter();

/** The bytes of one gRPC message. */
export function frameOf(write: (writer: MessageWriter) => void): Buffer {
  shared.frame(() => {
    write(shared);
  });
  return shared.take();
}

/** The bytes of one message without a frame. */
export function messageOf(write: (writer: MessageWriter) => void): Buffer {
  write(shared);
  return shared.take();
}
