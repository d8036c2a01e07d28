import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { CannotStart } from '#embedded';
import { EventStoreDB, EventStoreMisconfigured, EventStoreUnavailable } from '#event-store';
import type { Stores } from './configuration.js';

/** A server and its stores may be started at the same time: one that does not answer yet is waited for so long. */
const STARTING_MS = 30_000;
const RETRY_MS = 500;

/** What stands between the server and a store. */
interface Obstacle {
  readonly message: string;
  /** It may be gone when the store has started; all others only a person can remove. */
  readonly mayPass: boolean;
}

/** Resolves when both stores answer. @throws CannotStart naming what is wrong with one, and the remedy */
export async function reachStores(
  { eventStoreUrl, databaseUrl }: Stores,
  say: (message: string) => void,
  startingMs = STARTING_MS,
): Promise<void> {
  const until = Date.now() + startingMs;
  await reach(() => beforeEventStore(eventStoreUrl), until, say);
  await reach(() => beforeDatabase(databaseUrl), until, say);
}

async function reach(
  look: () => Promise<Obstacle | undefined>,
  until: number,
  say: (message: string) => void,
): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    const obstacle = await look();
    if (obstacle === undefined) return;
    if (!obstacle.mayPass || Date.now() >= until) throw new CannotStart(obstacle.message);
    if (!isTold) say(`${obstacle.message} Until then this server waits, but not for ever.`);
    await delay(RETRY_MS);
  }
}

async function beforeEventStore(url: string): Promise<Obstacle | undefined> {
  let store: EventStoreDB | undefined;
  try {
    store = new EventStoreDB(url);
    await store.check();
    return undefined;
  } catch (error) {
    if (error instanceof EventStoreUnavailable) return { message: `${capitalized(error.message)}.`, mayPass: true };
    if (!(error instanceof EventStoreMisconfigured)) throw error;
    return { message: error.message, mayPass: error.problem === 'nobody listens' };
  } finally {
    await store?.close();
  }
}

async function beforeDatabase(connectionString: string): Promise<Obstacle | undefined> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return obstacleIn(error, client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Shutting down, crashed, starting: Postgres says so itself. */
const ON_THE_WAY = /^57P0[123]$/;

function obstacleIn(error: unknown, { host, port, database, user }: Client): Obstacle {
  const at = `Postgres at ${host}:${port}`;
  const reason = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DatabaseError) || error.code === undefined || ON_THE_WAY.test(error.code))
    return { message: `${at} does not answer (${reason}): start it, or correct DATABASE_URL.`, mayPass: true };
  if (error.code.startsWith('28'))
    return {
      message: `${at} does not let ${user ?? 'us'} in: correct user and password in DATABASE_URL.`,
      mayPass: false,
    };
  if (error.code === '3D000')
    return {
      message: `${at} has no database ${database ?? ''}: create it (\`createdb\`), or correct DATABASE_URL.`,
      mayPass: false,
    };
  return { message: `${at} cannot be used (${reason}).`, mayPass: false };
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
