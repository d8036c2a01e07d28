import { MessageReader, tagOf } from '#protobuf';
import type { Call } from '../grpc/call.js';
import { CallError, Code, handlerFailed, headerText, streamDeleted } from '../grpc/status.js';
import type { EventLog } from '../log/event-log.js';
import { deleteReply } from '../protocol/append-replies.js';
import { readTargetOptions, type TargetOptions } from '../protocol/target-options.js';

/** Streams/Delete and Streams/Tombstone. */
export async function deleteStream(log: EventLog, call: Call, kind: 'delete' | 'tombstone'): Promise<void> {
  const { stream, expected } = readOptions(await call.request(), kind === 'delete' ? 'DeleteReq' : 'TombstoneReq');
  log.writer.append({ kind, stream, expected, events: [] }, (outcome) => {
    switch (outcome.kind) {
      case 'written':
        call.end(deleteReply(outcome.position ?? 0n));
        return;
      case 'wrong-revision':
        call.fail(wrongRevision(stream, expected, outcome.current));
        return;
      case 'stream-deleted':
        call.fail(streamDeleted(stream));
        return;
      case 'failed':
        call.fail(handlerFailed());
    }
  });
}

function readOptions(body: Buffer, message: 'DeleteReq' | 'TombstoneReq'): TargetOptions {
  const reader = new MessageReader(body);
  let options: TargetOptions | undefined;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) options = readTargetOptions(reader.message(), message);
    else reader.skip(tag);
  }
  if (!options) throw handlerFailed();
  return options;
}

const wrongRevision = (stream: string, expected: bigint, actual: bigint): CallError =>
  new CallError(
    Code.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': headerText(stream),
      'expected-version': expected.toString(),
      'actual-version': actual.toString(),
    },
  );
