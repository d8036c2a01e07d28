import type { Readable } from 'node:stream';
import { type Client, Metadata } from '@grpc/grpc-js';
import type { EventStoreDBClient } from '@eventstore/db-client';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Position } from '#kernel';
import { callInside, changed } from './client-guard.js';

const READ = '/event_store.client.streams.Streams/Read';

/** What a subscription asks for. */
export interface SubscriptionRequest {
  readonly prefixes: readonly string[];
  readonly from: Position | 'start';
  readonly maxSearchWindow: number;
  readonly checkpointInterval: number;
}

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
  const [metadata, options] = argumentsOf(client);
  const create = (grpc: Client) =>
    grpc.makeServerStreamRequest(READ, serialized, decode, messageOf(request), metadata, options);
  const open = callInside(client, 'GRPCStreamCreator', services.StreamsClient, 'subscribeToAll', create);
  const call: unknown = typeof open === 'function' ? await Reflect.apply(open, undefined, []) : undefined;
  if (!isCall(call)) throw changed('GRPCStreamCreator');
  return call;
}

/** The metadata of the client's calls, without a deadline: a subscription lasts. */
function argumentsOf(client: EventStoreDBClient): [Metadata, object] {
  const parameters = callInside(client, 'callArguments', {}, { deadline: Infinity });
  const [metadata, options]: readonly unknown[] = isArray(parameters) ? parameters : [];
  if (!(metadata instanceof Metadata) || typeof options !== 'object' || options === null)
    throw changed('callArguments');
  return [metadata, options];
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

const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isCall = (value: unknown): value is Call =>
  typeof value === 'object' && value !== null && 'cancel' in value && 'pause' in value;
