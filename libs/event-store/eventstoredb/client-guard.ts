import { once } from 'node:events';
import type { EventStoreDBClient } from '@eventstore/db-client';

type Unary = (...parameters: readonly unknown[]) => unknown;

/**
 * Guards against what `@eventstore/db-client` 6.2.1 does to the process it runs in. Each guard has its regression test
 * in `client-guard.int.spec.ts`. Returns what closes the connections that the client has opened; it never does itself.
 */
export function guard(client: EventStoreDBClient): { readonly closeChannels: () => void } {
  const channels: unknown[] = [];
  // Discovery that fails while an old connection's error is looked at would be an unhandled rejection.
  around(client, 'handleError', (handle, ...parameters) => settled(handle(...parameters)));
  around(client, 'createChannel', async (create) => {
    const channel = await create();
    channels.push(channel);
    return channel;
  });
  around(client, 'GRPCStreamCreator', (prepare, type, name, creator, cache) => {
    if (name !== 'appendToStream' || typeof creator !== 'function') return prepare(type, name, creator, cache);
    const guarded = async (grpc: unknown) => guardBatchStream(await Reflect.apply(creator, undefined, [grpc]));
    return prepare(type, name, guarded, cache);
  });
  return { closeChannels: () => channels.splice(0).forEach((channel) => call(channel, 'close')) };
}

/** The one stream on which all appends of a client travel; what goes wrong on it concerns every caller. */
function guardBatchStream(stream: unknown): unknown {
  if (!isDuplex(stream)) throw changed('the batch stream');
  for (const event of ['data', 'error']) {
    // An answer that nobody waits for any more, late or doubled, throws where only the process can catch it.
    const listeners = stream.listeners(event);
    stream.removeAllListeners(event);
    stream.on(event, (...parameters) => {
      try {
        for (const listener of listeners) Reflect.apply(listener, stream, parameters);
      } catch {
        // Its append has an outcome already, or will find out by its deadline.
      }
    });
  }
  // A server that ends the stream in good order leaves a client that goes on writing to it, and waiting, for ever.
  void once(stream, 'end').then(
    () => stream.destroy(new Error('the event store ended the stream of appends')),
    () => undefined,
  );
  // Appends that queue for a stream which then breaks are unhandled rejections, so none may ever queue.
  const write = stream.write.bind(stream);
  stream.write = (chunk: unknown) => {
    write(chunk);
    return true;
  };
  return stream;
}

interface Duplex extends NodeJS.EventEmitter {
  write(chunk: unknown): boolean;
  destroy(error: Error): void;
}

const isDuplex = (value: unknown): value is Duplex =>
  typeof value === 'object' && value !== null && ['write', 'destroy', 'listeners'].every((name) => name in value);

function around(
  client: object,
  name: string,
  wrapped: (original: Unary, ...parameters: readonly unknown[]) => unknown,
): void {
  const original: unknown = Reflect.get(client, name);
  if (typeof original !== 'function') throw changed(name);
  const bound: Unary = (...parameters) => Reflect.apply(original, client, parameters);
  Reflect.set(client, name, (...parameters: readonly unknown[]) => wrapped(bound, ...parameters));
}

/** Calls what the client keeps to itself. */
export function callInside(client: object, name: string, ...parameters: readonly unknown[]): unknown {
  const method: unknown = Reflect.get(client, name);
  if (typeof method !== 'function') throw changed(name);
  return Reflect.apply(method, client, parameters);
}

function call(target: unknown, name: string): void {
  const method: unknown = typeof target === 'object' && target !== null ? Reflect.get(target, name) : undefined;
  if (typeof method === 'function') Reflect.apply(method, target, []);
}

const settled = (work: unknown): Promise<unknown> => Promise.resolve(work).catch(() => undefined);

export const changed = (what: string): Error =>
  new Error(`@eventstore/db-client has changed inside (${what}): its guards must be looked at again`);
