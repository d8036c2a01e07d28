import { frameOf, type MessageWriter } from '#protobuf';
import { NONE } from '../log/revisions.js';
import { Code } from '../grpc/status.js';
import { writeSuccess } from './append-replies.js';
import { expectationOf } from './expected-revision.js';
import { LARGEST_APPEND } from './proposed-event.js';

/** What a reply repeats of its request. */
export interface BatchReplyTo {
  readonly correlationId: Buffer | undefined;
  readonly identifier: Buffer | undefined;
}

function reply({ correlationId, identifier }: BatchReplyTo, writeResult: (to: MessageWriter) => void): Buffer {
  return frameOf((to) => {
    if (correlationId) to.bytes(1, correlationId);
    writeResult(to);
    if (identifier) to.bytes(4, identifier);
  });
}

export const batchSuccess = (request: BatchReplyTo, lastRevision: bigint, position: bigint | undefined): Buffer =>
  reply(request, (to) => {
    to.message(3, () => {
      writeSuccess(to, lastRevision, position);
    });
  });

/** A google.rpc.Status whose one detail is a message of EventStoreDB's own. */
const failure = (request: BatchReplyTo, code: Code, name: string, writeDetail: (to: MessageWriter) => void): Buffer =>
  reply(request, (to) => {
    to.message(2, () => {
      to.uint(1, code);
      to.text(2, name);
      to.message(3, () => {
        to.text(1, `type.googleapis.com/event_store.client.${name}`);
        to.message(2, () => {
          writeDetail(to);
        });
      });
    });
  });

export const batchWrongRevision = (request: BatchReplyTo, current: bigint, expected: bigint): Buffer =>
  failure(request, Code.ALREADY_EXISTS, 'WrongExpectedVersion', (to) => {
    if (current === NONE) to.empty(2);
    else to.uint(1, current);
    const expectation = expectationOf(expected);
    if (expectation === 'revision') to.uint(3, expected);
    else to.empty({ any: 4, streamExists: 5, noStream: 6 }[expectation]);
  });

export const batchStreamDeleted = (request: BatchReplyTo): Buffer =>
  failure(request, Code.NOT_FOUND, 'StreamDeleted', (to) => {
    if (request.identifier) to.bytes(1, request.identifier);
  });

export const batchAccessDenied = (request: BatchReplyTo): Buffer =>
  failure(request, Code.PERMISSION_DENIED, 'AccessDenied', () => undefined);

export const batchTimeout = (request: BatchReplyTo): Buffer =>
  failure(request, Code.DEADLINE_EXCEEDED, 'Timeout', () => undefined);

export const batchTooLarge = (request: BatchReplyTo): Buffer =>
  failure(request, Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', (to) => {
    to.uint(1, LARGEST_APPEND);
  });

export const batchBadRequest = (request: BatchReplyTo, text: string): Buffer =>
  failure(request, Code.INVALID_ARGUMENT, 'BadRequest', (to) => {
    to.text(1, text);
  });

export const batchUnknown = (request: BatchReplyTo): Buffer =>
  failure(request, Code.UNKNOWN, 'Unknown', () => undefined);
