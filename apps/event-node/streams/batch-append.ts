import { messageOf } from '#protobuf';
import type { Call } from '../grpc/call.js';
import type { AppendOutcome, ProposedEvent } from '../log/append-request.js';
import type { EventLog } from '../log/event-log.js';
import * as replies from '../protocol/batch-replies.js';
import {
  expectationGiven,
  readBatchOptions,
  readFragment,
  timeoutOf,
  type BatchFragment,
} from '../protocol/batch-request.js';
import { eventOf, LARGEST_APPEND } from '../protocol/proposed-event.js';
import { readUuid, writeStructuredId, ZERO_ID } from '../protocol/uuid.js';

/** The longest the server waits for the rest of a request. */
const COMMIT_TIMEOUT = 2000;

/** Streams/BatchAppend. */
export function batchAppend(log: EventLog, call: Call): void {
  const batch = new BatchCall(log, call);
  call.onEnd(() => {
    batch.close();
  });
  call.listen({
    message: (body) => {
      batch.take(readFragment(body));
    },
    halfClose: () => undefined,
  });
}

/** A request whose fragments are still coming. */
interface OpenRequest {
  readonly identifier: Buffer | undefined;
  readonly stream: string;
  readonly expected: bigint;
  readonly events: ProposedEvent[];
  /** How long the rest of it is waited for, in milliseconds. */
  readonly patience: number;
  timer?: NodeJS.Timeout;
  size: number;
}

/** One call: any number of requests, each in fragments, answered as they are done. */
class BatchCall {
  private readonly requests = new Map<string, OpenRequest>();
  private inFlight = 0;
  private outgoing: Buffer[] = [];

  constructor(
    private readonly log: EventLog,
    private readonly call: Call,
  ) {}

  take(fragment: BatchFragment): void {
    const { correlationId, options } = fragment;
    try {
      const id = readUuid(correlationId);
      if (options && !this.begin(id, options, correlationId)) return;
      try {
        this.addTo(id, fragment);
      } finally {
        this.awaitRest(id);
      }
    } catch (error) {
      // Only a fragment with options names the stream that a reply needs; any other fault ends the call.
      if (!options || !(error instanceof Error)) throw error;
      const { identifier } = readBatchOptions(options);
      this.send(replies.batchBadRequest({ correlationId, identifier }, error.message));
    }
  }

  close(): void {
    for (const { timer } of this.requests.values()) clearTimeout(timer);
    this.requests.clear();
  }

  /** False when the request has been answered already. */
  private begin(id: string, bytes: Buffer, correlationId: Buffer | undefined): boolean {
    const { identifier, stream, expected, deadline } = readBatchOptions(bytes);
    const timeout = timeoutOf(deadline) ?? COMMIT_TIMEOUT;
    if (identifier === undefined) throw new Error('Object reference not set to an instance of an object.');
    if (stream === '') throw new Error("Value cannot be null. (Parameter 'value')");
    if (this.call.isAnonymous) {
      this.send(replies.batchAccessDenied({ correlationId, identifier }));
      return false;
    }
    if (timeout <= 0) {
      this.send(replies.batchTimeout({ correlationId, identifier }));
      return false;
    }
    if (this.requests.has(id)) return true;
    this.requests.set(id, {
      identifier,
      stream,
      expected: expectationGiven(expected),
      events: [],
      size: 0,
      patience: Math.min(timeout, COMMIT_TIMEOUT),
    });
    return true;
  }

  /** Most requests come whole and never need a timer. */
  private awaitRest(id: string): void {
    const request = this.requests.get(id);
    if (!request) return;
    request.timer ??= setTimeout(() => {
      this.expire(id, request.identifier);
    }, request.patience);
  }

  private addTo(id: string, { correlationId, proposals, isFinal }: BatchFragment): void {
    const request = this.requests.get(id);
    if (!request) return;
    for (const proposal of proposals) {
      const eventId = readUuid(proposal.id);
      const { type, contentType } = proposal;
      if (type === undefined || contentType === undefined)
        throw new Error('The given key was not present in the dictionary.');
      request.events.push(eventOf(proposal, type, contentType, eventId));
      request.size += proposal.data.length;
    }
    if (request.size > LARGEST_APPEND) {
      this.forget(id, request);
      this.send(replies.batchTooLarge({ correlationId, identifier: request.identifier }));
    } else if (isFinal) {
      this.forget(id, request);
      if (id === ZERO_ID) throw new Error("correlationId (Parameter 'correlationId should be non-empty GUID.')");
      this.write(request, correlationId);
    }
  }

  private write(request: OpenRequest, correlationId: Buffer | undefined): void {
    const { stream, expected, events, identifier } = request;
    this.inFlight++;
    this.log.writer.append({ kind: 'append', stream, expected, events }, (outcome) => {
      this.inFlight--;
      this.send(replyTo(outcome, { correlationId, identifier }, expected));
    });
  }

  private forget(id: string, { timer }: OpenRequest): void {
    clearTimeout(timer);
    this.requests.delete(id);
  }

  private expire(id: string, identifier: Buffer | undefined): void {
    this.requests.delete(id);
    const correlationId = structured(id);
    this.outgoing.push(replies.batchTimeout({ correlationId, identifier }));
    this.flush();
  }

  /** Replies of one commit go out together. */
  private send(frame: Buffer): void {
    if (this.outgoing.length === 0) {
      queueMicrotask(() => {
        this.flush();
        if (this.call.isHalfClosed && this.inFlight === 0) this.call.end();
      });
    }
    this.outgoing.push(frame);
  }

  private flush(): void {
    const frames = this.outgoing;
    this.outgoing = [];
    if (frames.length > 0) this.call.write(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames));
  }
}

/** The bytes of a structured id, without the field around it. */
const structured = (id: string): Buffer =>
  messageOf((to) => {
    writeStructuredId(to, 1, id);
  }).subarray(2);

function replyTo(outcome: AppendOutcome, request: replies.BatchReplyTo, expected: bigint): Buffer {
  switch (outcome.kind) {
    case 'written':
      return replies.batchSuccess(request, outcome.lastRevision, outcome.position);
    case 'wrong-revision':
      return replies.batchWrongRevision(request, outcome.current, expected);
    case 'stream-deleted':
      return replies.batchStreamDeleted(request);
    case 'failed':
      return replies.batchUnknown(request);
  }
}
