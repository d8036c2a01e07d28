import { type Client, Metadata } from '@grpc/grpc-js';
import type { EventStoreDBClient } from '@eventstore/db-client';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { callInside, changed } from './client-guard.js';

/** Begins a call on a connection, with the metadata and options of the client's own calls. */
export type Begin = (grpc: Client, metadata: Metadata, options: object) => unknown;

/**
 * A lasting call over the client's own connection, with its credentials and its care for connections that break: the
 * client hears of the call's end, and leaves a connection or a former leader because of it.
 */
export function openCall(
  client: EventStoreDBClient,
  name: string,
  begin: Begin,
  settings: { readonly requiresLeader?: boolean } = {},
): Promise<unknown> {
  const parameters = callInside(client, 'callArguments', settings, { deadline: Infinity });
  const [metadata, options]: readonly unknown[] = isArray(parameters) ? parameters : [];
  if (!(metadata instanceof Metadata) || typeof options !== 'object' || options === null)
    throw changed('callArguments');
  const create = (grpc: Client) => begin(grpc, metadata, options);
  const open = callInside(client, 'GRPCStreamCreator', services.StreamsClient, name, create);
  if (typeof open !== 'function') throw changed('GRPCStreamCreator');
  return Promise.resolve(Reflect.apply(open, undefined, []));
}

const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);
