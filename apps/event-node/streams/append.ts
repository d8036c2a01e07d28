import { MessageReader, tagOf } from '#protobuf';
import type { Call } from '../grpc/call.js';
import { CallError, Code, handlerFailed, streamDeleted } from '../grpc/status.js';
import type { ProposedEvent } from '../log/append-request.js';
import type { EventLog } from '../log/event-log.js';
import { appendSuccess, appendWrongRevision } from '../protocol/append-replies.js';
import { eventOf, LARGEST_APPEND, readProposal, type RawProposal } from '../protocol/proposed-event.js';
import { readTargetOptions, type TargetOptions } from '../protocol/target-options.js';

/** Streams/Append: options first, then one message an event; written when the caller has sent everything. */
export function append(log: EventLog, call: Call): void {
  let options: TargetOptions | undefined;
  const events: ProposedEvent[] = [];
  let size = 0;
  call.listen({
    message(body) {
      const { target, proposed } = readContent(body);
      if (!options) {
        if (!target) throw handlerFailed();
        options = readTargetOptions(target, 'AppendReq');
        return;
      }
      if (!proposed) throw handlerFailed();
      const proposal = readProposal(proposed);
      size += proposal.data.length;
      events.push(checkedEvent(proposal, size));
    },
    halfClose() {
      if (!options) throw handlerFailed();
      const { stream, expected } = options;
      log.writer.append({ kind: 'append', stream, expected, events }, (outcome) => {
        switch (outcome.kind) {
          case 'written':
            call.end(appendSuccess(outcome.lastRevision, outcome.position));
            return;
          case 'wrong-revision':
            call.end(appendWrongRevision(outcome.current, expected));
            return;
          case 'stream-deleted':
            call.fail(streamDeleted(stream));
            return;
          case 'failed':
            call.fail(handlerFailed());
        }
      });
    },
  });
}

/** A message holds options or an event; of several the last counts. */
function readContent(body: Buffer): { target?: MessageReader; proposed?: MessageReader } {
  const reader = new MessageReader(body);
  let content = {};
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) content = { target: reader.message() };
    else if (tag === tagOf(2, 2)) content = { proposed: reader.message() };
    else reader.skip(tag);
  }
  return content;
}

function checkedEvent(proposal: RawProposal, size: number): ProposedEvent {
  const { type, contentType } = proposal;
  if (type === undefined) throw missing('type');
  if (contentType === undefined) throw missing('content-type');
  if (size > LARGEST_APPEND) {
    throw new CallError(Code.INVALID_ARGUMENT, `Maximum Append Size of ${LARGEST_APPEND} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(LARGEST_APPEND),
    });
  }
  return eventOf(proposal, type, contentType);
}

const missing = (property: string): CallError =>
  new CallError(Code.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
