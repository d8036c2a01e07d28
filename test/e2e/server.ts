import { afterAll } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { testStack } from '../stack/index.js';

/** What came back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The built server in a process of its own, on the shared stack, with a namespace and a database of this test file. */
export async function startTestServer(variables: NodeJS.ProcessEnv = {}) {
  const { eventStoreUrl, databaseUrl, namespace } = await testStack();
  const server = spawn(process.execPath, ['dist/apps/server/main.js'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      EVENTSTORE_URL: eventStoreUrl,
      DATABASE_URL: databaseUrl,
      NAMESPACE: namespace,
      MASTER_KEY: randomBytes(32).toString('base64'),
      PORT: '0',
      ...variables,
    },
  });
  afterAll(async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  });
  let url = '';
  for await (const line of createInterface({ input: server.stdout })) {
    url = /answers on (\S+)/.exec(line)?.[1] ?? '';
    if (url !== '') break;
  }
  if (url === '') throw new Error('the server did not start');

  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, headers: response.headers, body: recordOf(await response.json()) };
  };
  const command = (name: string, fields: object, headers: Readonly<Record<string, string>> = {}) =>
    send(`/commands/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-actor': 'tester', ...headers },
      body: JSON.stringify(fields),
    });
  return { url, send, command, get: (path: string) => send(path) };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : { value };
