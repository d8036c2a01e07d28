import * as library from '@eventstore/db-client';

/** Calls a method by its name, as a case does. */
export function invoke(target: unknown, method: string, args: readonly unknown[]): unknown {
  if ((typeof target !== 'object' && typeof target !== 'function') || target === null)
    throw new TypeError(`no ${method}`);
  const found: unknown = Reflect.get(target, method);
  if (typeof found !== 'function') throw new TypeError(`there is no ${method}`);
  return Reflect.apply(found, target, args);
}

export const connect = (connectionString: string): unknown =>
  library.EventStoreDBClient.connectionString(connectionString);

/** A function of the client's module: one that makes events or filters. */
export const make = (name: string, argument: unknown): unknown => invoke(library, name, [argument]);

export const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
