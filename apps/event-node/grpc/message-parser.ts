import { gunzipSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { CallError, Code } from './status.js';

/** The largest request message a server accepts. */
export const LARGEST_MESSAGE = 16_767_216;

const HEADER = 5;
const NONE = Buffer.alloc(0);

/** Cuts the bytes of a call into messages. */
export class MessageParser {
  private rest: Buffer = NONE;
  private waiting: Buffer[] = [];
  private waitingLength = 0;
  private wanted = HEADER;

  /** `encoding` is what the call says its compressed messages are. */
  constructor(private readonly encoding?: string) {}

  /** Calls `take` with each message that is complete with this chunk. */
  push(chunk: Buffer, take: (message: Buffer) => void): void {
    this.waiting.push(chunk);
    this.waitingLength += chunk.length;
    if (this.rest.length + this.waitingLength < this.wanted) return;
    let bytes =
      this.waiting.length === 1 && this.rest.length === 0 ? chunk : Buffer.concat([this.rest, ...this.waiting]);
    this.waiting = [];
    this.waitingLength = 0;
    while (bytes.length >= HEADER) {
      const end = HEADER + lengthOf(bytes);
      if (bytes.length < end) break;
      take(this.body(bytes, end));
      bytes = bytes.subarray(end);
    }
    this.wanted = bytes.length >= HEADER ? HEADER + lengthOf(bytes) : HEADER;
    this.rest = bytes;
  }

  private body(bytes: Buffer, end: number): Buffer {
    const content = bytes.subarray(HEADER, end);
    if (bytes[0] === 0) return content;
    if (bytes[0] !== 1) throw new Error('the flag of a compressed message is neither 0 nor 1');
    try {
      return decompressor(this.encoding)(content, { maxOutputLength: LARGEST_MESSAGE });
    } catch (error) {
      if (error instanceof RangeError) throw tooLarge();
      throw error;
    }
  }

  /** Whether bytes of an unfinished message have come. */
  get unfinished(): boolean {
    return this.rest.length + this.waitingLength > 0;
  }
}

function lengthOf(bytes: Buffer): number {
  const length = bytes.readUInt32BE(1);
  if (length > LARGEST_MESSAGE) throw tooLarge();
  return length;
}

const DECOMPRESSORS: Readonly<Record<string, (content: Buffer, options: ZlibOptions) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
};

function decompressor(encoding: string | undefined): (content: Buffer, options: ZlibOptions) => Buffer {
  if (encoding === undefined)
    throw new CallError(Code.INTERNAL, 'Request did not include grpc-encoding value with compressed message.');
  if (encoding === 'identity')
    throw new CallError(Code.INTERNAL, "Request sent 'identity' grpc-encoding value with compressed message.");
  const known = Object.hasOwn(DECOMPRESSORS, encoding) ? DECOMPRESSORS[encoding] : undefined;
  if (known) return known;
  const supported = Object.keys(DECOMPRESSORS).join(', ');
  throw new CallError(
    Code.UNIMPLEMENTED,
    `Unsupported grpc-encoding value '${encoding}'. Supported encodings: ${supported}`,
  );
}

const tooLarge = (): CallError =>
  new CallError(Code.RESOURCE_EXHAUSTED, 'Received message exceeds the maximum configured message size.');
