import type { Readable } from 'node:stream';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Position } from '#kernel';
import { messageOf, type MessageWriter } from '#protobuf';
import { openCall } from './client-calls.js';
import { changed } from './client-guard.js';
import { type ReadResponse, readResponse } from './read-response.js';

const READ = '/event_store.client.streams.Streams/Read';

/** What a subscription asks for. */
export interface SubscriptionRequest {
  readonly prefixes: readonly string[];
  readonly from: Position | 'start';
  readonly maxSearchWindow: number;
  readonly checkpointInterval: number;
}

/** Which events of a stream are read: all from a revision on, or the last one. */
export type Range = { readonly from: bigint } | 'last';

/** A call that brings what its messages were decoded to, until it is cancelled. */
export interface Call extends Readable {
  cancel(): void;
}

/**
 * Subscribes over the client's own connection, with its credentials and its care for connections that break, but
 * decodes messages by `decode` instead of google-protobuf.
 */
export async function openSubscription(
  client: EventStoreDBClient,
  request: SubscriptionRequest,
  decode: (bytes: Buffer) => unknown,
): Promise<Call> {
  const call = await openCall(client, 'subscribeToAll', (grpc, metadata, options) =>
    grpc.makeServerStreamRequest(READ, asItIs, decode, subscriptionRequest(request), metadata, options),
  );
  return asCall(call);
}

/** Reads a stream in the same way, at the leader. */
export async function openRead(client: EventStoreDBClient, stream: string, range: Range): Promise<Call> {
  const decode = (bytes: Buffer): ReadResponse => readResponse(bytes, undefined);
  const call = await openCall(
    client,
    'readStream',
    (grpc, metadata, options) =>
      grpc.makeServerStreamRequest(READ, asItIs, decode, streamRequest(stream, range), metadata, options),
    { requiresLeader: true },
  );
  return asCall(call);
}

function asCall(call: unknown): Call {
  if (!isCall(call)) throw changed('GRPCStreamCreator');
  return call;
}

const asItIs = (bytes: Buffer): Buffer => bytes;

// The fields of streams.proto and shared.proto.
const REQUEST = { options: 1 } as const;
const OPTIONS = { stream: 1, all: 2, direction: 3, count: 5, subscription: 6, filter: 7, noFilter: 8, ids: 9 } as const;
const STREAM = { identifier: 1, revision: 2, name: 3, end: 4 } as const;
const ALL = { position: 1, start: 2 } as const;
const POSITION = { commit: 1, prepare: 2 } as const;
const FILTER = { streams: 1, window: 3, checkpointInterval: 5 } as const;
const EXPRESSION = { prefix: 2 } as const;
const IDS = { text: 2 } as const;
const BACKWARDS = 1;

function streamRequest(stream: string, range: Range): Buffer {
  return requestOf((to) => {
    to.message(OPTIONS.stream, () => {
      to.message(STREAM.identifier, () => {
        to.text(STREAM.name, stream);
      });
      if (range === 'last') to.empty(STREAM.end);
      else to.uint(STREAM.revision, range.from);
    });
    if (range === 'last') to.uint(OPTIONS.direction, BACKWARDS);
    to.uint(OPTIONS.count, range === 'last' ? 1 : Number.MAX_SAFE_INTEGER);
    to.empty(OPTIONS.noFilter);
  });
}

function subscriptionRequest({ prefixes, from, maxSearchWindow, checkpointInterval }: SubscriptionRequest): Buffer {
  return requestOf((to) => {
    to.message(OPTIONS.all, () => {
      writeStart(to, from);
    });
    to.empty(OPTIONS.subscription);
    to.message(OPTIONS.filter, () => {
      to.message(FILTER.streams, () => {
        for (const prefix of prefixes) to.text(EXPRESSION.prefix, prefix);
      });
      to.uint(FILTER.window, maxSearchWindow);
      to.uint(FILTER.checkpointInterval, checkpointInterval);
    });
  });
}

function writeStart(to: MessageWriter, from: Position | 'start'): void {
  if (from === 'start') {
    to.empty(ALL.start);
    return;
  }
  to.message(ALL.position, () => {
    to.uint(POSITION.commit, from.commit);
    to.uint(POSITION.prepare, from.prepare);
  });
}

/** A request with these options; ids are to come as text. */
const requestOf = (writeOptions: (to: MessageWriter) => void): Buffer =>
  messageOf((to) => {
    to.message(REQUEST.options, () => {
      writeOptions(to);
      to.message(OPTIONS.ids, () => {
        to.empty(IDS.text);
      });
    });
  });

const isCall = (value: unknown): value is Call =>
  typeof value === 'object' && value !== null && 'cancel' in value && 'pause' in value;
