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
  return { closeChannels: () => channels.splice(0).forEach((channel) => call(channel, 'close')) };
}

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
