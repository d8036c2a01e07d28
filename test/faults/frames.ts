const HEADER = 9;
const DATA = 0;

/** Cuts the bytes of an HTTP/2 peer into frames, so that a fault can strike between two of them. */
export class Frames {
  #rest = Buffer.alloc(0);

  /** The frames that are whole now. */
  *take(chunk: Buffer): Iterable<{ readonly bytes: Buffer; readonly isData: boolean }> {
    let bytes = Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= HEADER) {
      const end = HEADER + bytes.readUIntBE(0, 3);
      if (bytes.length < end) break;
      yield { bytes: bytes.subarray(0, end), isData: bytes[3] === DATA };
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }
}
