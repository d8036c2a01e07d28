/** Reads protobuf fields from bytes, in place. Anything malformed throws. */
export class FieldReader {
  private end: number;

  constructor(
    private readonly bytes: Buffer,
    private at = 0,
    end = bytes.length,
  ) {
    this.end = end;
  }

  /** The next tag (field number and wire type), or 0 at the end of the message. */
  tag(): number {
    return this.at >= this.end ? 0 : this.number();
  }

  /** A varint that fits a double; enough for tags, lengths, enums and 32-bit numbers. */
  number(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new Error('malformed varint');
  }

  uint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Error('malformed varint');
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  bool(): boolean {
    return this.uint64() !== 0n;
  }

  bytesField(): Buffer {
    const [start, end] = this.span();
    return this.bytes.subarray(start, end);
  }

  text(): string {
    const [start, end] = this.span();
    return this.bytes.toString('utf8', start, end);
  }

  /** A reader over a nested message. */
  message(): FieldReader {
    const [start, end] = this.span();
    return new FieldReader(this.bytes, start, end);
  }

  /** Where the reader stands; with `bytesField` it tells where a field lies in the message. */
  get offset(): number {
    return this.at;
  }

  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.uint64();
        return;
      case 1:
        this.advance(8);
        return;
      case 2:
        this.span();
        return;
      case 5:
        this.advance(4);
        return;
      default:
        throw new Error('malformed field');
    }
  }

  private span(): [number, number] {
    const length = this.number();
    const start = this.at;
    this.advance(length);
    return [start, this.at];
  }

  private advance(count: number): void {
    if (this.at + count > this.end) throw new Error('truncated message');
    this.at += count;
  }

  private byte(): number {
    const byte = this.at < this.end ? this.bytes[this.at++] : undefined;
    if (byte === undefined) throw new Error('truncated message');
    return byte;
  }
}

/** The tag of a field, as it stands on the wire. */
export const tagOf = (field: number, wireType: 0 | 2): number => field * 8 + wireType;
