import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { CannotStart, freePort, startEmbeddedStack } from '#embedded';
import { NotPossible } from '#read-store';
import { createApplication } from './application.js';
import { type Configuration, type Stores } from './configuration.js';
import { openMasterKeys } from './master-keys.js';
import { reachStores } from './stores-at-start.js';

/** The whole program, listening. */
export interface RunningServer {
  readonly url: string;
  readonly stores: Stores;
  readonly application: NestFastifyApplication;
  /** Resolves with the reason when something it stands on ends. */
  readonly lost: Promise<string>;
  /** Stops the server, then the event node, then Postgres. */
  stop(): Promise<void>;
}

/** Holds the address of the server that runs on a data folder, for other programs on this machine. */
export const addressFile = ({ dataFolder }: Configuration): string => join(dataFolder, 'server.url');

/** Requests in flight get this long to finish. */
const graceMs = 5_000;

/** Brings up what the configuration does not name, then the application on it. */
export async function startServer(
  configuration: Configuration,
  say: (message: string) => void,
): Promise<RunningServer> {
  const port = await choosePort(configuration, say);
  const opened = await openStores(configuration, say);
  const { stores, lost } = opened;
  try {
    const openedMasterKeys = await openMasterKeys(configuration);
    const application = await createApplication(Object.freeze({ ...configuration, stores, openedMasterKeys }));
    const url = await listen(application, configuration.host, port);
    if (configuration.stores === undefined) await writeFile(addressFile(configuration), url);
    const stop = async (): Promise<void> => {
      if (configuration.stores === undefined) await rm(addressFile(configuration), { force: true });
      await close(application);
      await opened.stop();
    };
    let stopping: Promise<void> | undefined;
    return { url, stores, application, lost, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await opened.stop();
    throw error;
  }
}

type OpenStores = Pick<RunningServer, 'stores' | 'lost' | 'stop'>;

/** The stores that are configured are not ours to start, watch or stop. */
async function openStores({ stores, dataFolder }: Configuration, say: (message: string) => void): Promise<OpenStores> {
  if (stores) {
    await reachStores(stores, say);
    return { stores, lost: new Promise(() => undefined), stop: () => Promise.resolve() };
  }
  const stack = await startEmbeddedStack({ folder: dataFolder, log: say });
  const { eventStoreUrl, databaseUrl, lost } = stack;
  return { stores: { eventStoreUrl, databaseUrl }, lost, stop: () => stack.stop() };
}

async function choosePort(
  { host, port: wanted, portIsFixed }: Configuration,
  say: (message: string) => void,
): Promise<number> {
  const port = await freePort(wanted, host);
  if (port === wanted || wanted === 0) return port;
  if (portIsFixed) throw new CannotStart(`${host}:${wanted} cannot be listened on: free it, or set HOST and PORT.`);
  say(`Port ${wanted} is busy, so this server takes ${port}; set PORT to choose one.`);
  return port;
}

async function listen(application: NestFastifyApplication, host: string, port: number): Promise<string> {
  try {
    await application.listen(port, host);
    return await application.getUrl();
  } catch (error) {
    await application.close();
    if (error instanceof NotPossible) throw new CannotStart(error.message);
    if (!isOfListening(error)) throw error;
    throw new CannotStart(`The server cannot listen on ${host}:${port} (${String(error)}): set HOST and PORT.`);
  }
}

/** An application also starts its parts before it listens, and they fail for reasons of their own. */
const isOfListening = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && ['listen', 'bind', 'getaddrinfo'].includes(String(error.syscall));

/** A client that holds its connection open must not keep the rest from stopping. */
async function close(application: NestFastifyApplication): Promise<void> {
  const closed = application.close();
  const server = application.getHttpAdapter().getInstance().server;
  const timer = new AbortController();
  const impatient = delay(graceMs, undefined, { signal: timer.signal, ref: false })
    .then(() => {
      server.closeAllConnections();
    })
    .catch(() => undefined);
  await Promise.race([closed, impatient.then(() => delay(graceMs))]);
  timer.abort();
}
