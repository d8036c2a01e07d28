import type { Position } from '#kernel';
import type { MessageReader } from '#protobuf';

// Of shared.proto and streams.proto, which have the same two fields everywhere: field number × 8 + wire type.
const POSITION = { commit: 8, prepare: 16 } as const;

/** A place in the log, as every message tells it. */
export function readPosition(reader: MessageReader): Position {
  let [commit, prepare] = [0n, 0n];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === POSITION.commit) commit = reader.uint64();
    else if (tag === POSITION.prepare) prepare = reader.uint64();
    else reader.skip(tag);
  }
  return { commit, prepare };
}
