import { type MessageReader, tagOf } from '#protobuf';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/revisions.js';
import { expectedFromWire } from './expected-revision.js';
import { readStreamName } from './proposed-event.js';
import { CallError, Code } from '../grpc/status.js';

export interface TargetOptions {
  readonly stream: string;
  readonly expected: bigint;
}

/** The options of Append, Delete and Tombstone: a stream and what it is expected to be. */
export function readTargetOptions(
  reader: MessageReader,
  message: 'AppendReq' | 'DeleteReq' | 'TombstoneReq',
): TargetOptions {
  let stream = '';
  let expected: bigint | undefined;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) stream = readStreamName(reader.message());
    else if (tag === tagOf(2, 0)) expected = expectedFromWire(reader.uint64());
    else {
      if (tag === tagOf(3, 2)) expected = NO_STREAM;
      else if (tag === tagOf(4, 2)) expected = ANY;
      else if (tag === tagOf(5, 2)) expected = STREAM_EXISTS;
      reader.skip(tag);
    }
  }
  if (expected === undefined) {
    const type = `EventStore.Client.Streams.${message}+Types+Options+ExpectedStreamRevisionOneofCase`;
    throw new CallError(Code.INVALID_ARGUMENT, `'None' is not a valid ${type}`);
  }
  if (stream === '') throw new Error('a stream is needed');
  return { stream, expected };
}
