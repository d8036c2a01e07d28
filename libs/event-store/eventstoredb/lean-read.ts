import type { Readable } from 'node:stream';
import type { EventStoreDBClient } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Position } from '#kernel';
import { openCall } from './client-calls.js';
import { changed } from './client-guard.js';
import { type ReadResponse, readResponse } from './read-response.js';
import { WireWriter } from './wire-writer.js';

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
    grpc.makeServerStreamRequest(READ, serialized, decode, messageOf(request), metadata, options),
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

// The tags of streams.proto and shared.proto: field number × 8 + wire type.
const REQUEST = { options: 10 } as const;
const OPTIONS = { stream: 10, direction: 24, count: 40, noFilter: 66, ids: 74 } as const;
const STREAM = { identifier: 10, revision: 16, end: 34, name: 26 } as const;
const IDS = { text: 18 } as const;
const BACKWARDS = 1;

function streamRequest(stream: string, range: Range): Buffer {
  const to = new WireWriter();
  const nothing = () => undefined;
  to.message(REQUEST.options, () => {
    to.message(OPTIONS.stream, () => {
      to.message(STREAM.identifier, () => {
        to.text(STREAM.name, stream);
      });
      if (range === 'last') to.message(STREAM.end, nothing);
      else to.number(STREAM.revision, range.from);
    });
    if (range === 'last') to.number(OPTIONS.direction, BACKWARDS);
    to.number(OPTIONS.count, range === 'last' ? 1 : Number.MAX_SAFE_INTEGER);
    to.message(OPTIONS.noFilter, nothing);
    to.message(OPTIONS.ids, () => {
      to.message(IDS.text, nothing);
    });
  });
  return to.take();
}

const serialized = (message: streams.ReadReq) => Buffer.from(message.serializeBinary());

function messageOf({ prefixes, from, maxSearchWindow, checkpointInterval }: SubscriptionRequest): streams.ReadReq {
  const names = new streams.ReadReq.Options.FilterOptions.Expression();
  names.setPrefixList([...prefixes]);
  const filter = new streams.ReadReq.Options.FilterOptions();
  filter.setStreamIdentifier(names);
  filter.setMax(maxSearchWindow);
  filter.setCheckpointintervalmultiplier(checkpointInterval);
  const ids = new streams.ReadReq.Options.UUIDOption();
  ids.setString(new shared.Empty());
  const options = new streams.ReadReq.Options();
  options.setAll(startAt(from));
  options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  options.setFilter(filter);
  options.setUuidOption(ids);
  const message = new streams.ReadReq();
  message.setOptions(options);
  return message;
}

function startAt(from: Position | 'start'): streams.ReadReq.Options.AllOptions {
  const all = new streams.ReadReq.Options.AllOptions();
  if (from === 'start') {
    all.setStart(new shared.Empty());
    return all;
  }
  const position = new streams.ReadReq.Options.Position();
  position.setCommitPosition(String(from.commit));
  position.setPreparePosition(String(from.prepare));
  all.setPosition(position);
  return all;
}

const isCall = (value: unknown): value is Call =>
  typeof value === 'object' && value !== null && 'cancel' in value && 'pause' in value;
