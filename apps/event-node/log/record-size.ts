/** What a record needs in the log beside its texts and bytes; positions grow like offsets in a file. */
const OVERHEAD = 90;

interface Recorded {
  readonly stream: string;
  readonly type: string;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

/** How much of the log an event takes up: the next one begins so much further on. */
export const recordSize = ({ stream, type, metadata, data }: Recorded): number =>
  OVERHEAD + Buffer.byteLength(stream) + Buffer.byteLength(type) + metadata.length + data.length;
