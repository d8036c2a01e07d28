import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { removeEmbeddedStack, startEmbeddedStack, temporaryFolder } from '#embedded';
import type { Say } from '../measure.js';

/** Where all contenders run: one event store, and a database of the bench's own. */
export interface Grounds {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
  /** Prefix of every stream, so that a bench leaves a real server's streams alone. */
  readonly namespace: string;
  readonly masterKey: Buffer;
  leave(): Promise<void>;
}

/** The stores that `EVENTSTORE_URL` and `DATABASE_URL` name, or the embedded stack. */
export async function takeGrounds(say: Say): Promise<Grounds> {
  const own = { namespace: `bench_${randomUUID().slice(0, 8)}`, masterKey: randomBytes(32) };
  const { EVENTSTORE_URL: eventStoreUrl, DATABASE_URL: serverUrl } = process.env;
  if (eventStoreUrl && serverUrl) {
    await statement(serverUrl, `create database ${own.namespace}`);
    const databaseUrl = new URL(serverUrl);
    databaseUrl.pathname = own.namespace;
    say(`on ${new URL(eventStoreUrl).host} and ${databaseUrl.host}, database ${own.namespace}`);
    const leave = () => statement(serverUrl, `drop database ${own.namespace} with (force)`);
    return { ...own, eventStoreUrl, databaseUrl: databaseUrl.href, leave };
  }
  say('on the embedded stack');
  const folder = temporaryFolder('taizhang-bench');
  const stack = await startEmbeddedStack({ folder });
  return {
    ...own,
    eventStoreUrl: stack.eventStoreUrl,
    databaseUrl: stack.databaseUrl,
    leave: async () => {
      await stack.stop();
      await removeEmbeddedStack(folder);
    },
  };
}

async function statement(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
