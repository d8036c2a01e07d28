/** The official clients. They share names in the process, so that a process loads one of them only. */
const CLIENTS = {
  eventstore: { load: () => import('@eventstore/db-client'), main: 'EventStoreDBClient', expected: 'expectedRevision' },
  kurrent: { load: () => import('@kurrent/kurrentdb-client'), main: 'KurrentDBClient', expected: 'streamState' },
} as const;

export type ClientName = keyof typeof CLIENTS;

export const isClientName = (name: string): name is ClientName => name in CLIENTS;

let library: object = {};
let chosen: ClientName = 'eventstore';

export async function loadClient(name: ClientName): Promise<void> {
  library = await CLIENTS[name].load();
  chosen = name;
  // The second one complains on the console of each esdb:// it is given.
  if (name === 'kurrent') Reflect.set(console, 'warn', () => undefined);
}

/** Calls a method by its name, as a case does. */
export function invoke(target: unknown, method: string, args: readonly unknown[]): unknown {
  if ((typeof target !== 'object' && typeof target !== 'function') || target === null)
    throw new TypeError(`no ${method}`);
  const found: unknown = Reflect.get(target, method);
  if (typeof found !== 'function') throw new TypeError(`source.${method} is not a function`);
  return Reflect.apply(found, target, args);
}

export const connect = (connectionString: string): unknown =>
  invoke(Reflect.get(library, CLIENTS[chosen].main), 'connectionString', [connectionString]);

/** A function of the client's module: one that makes events or filters. */
export const make = (name: string, argument: unknown): unknown => invoke(library, name, [argument]);

/** The options of an append, whose expected revision has another name in the second client. */
export function appendOptions({ expectedRevision, ...rest }: Readonly<Record<string, unknown>>): object {
  return expectedRevision === undefined ? rest : { ...rest, [CLIENTS[chosen].expected]: expectedRevision };
}

export const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
