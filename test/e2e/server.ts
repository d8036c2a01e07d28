import { afterAll, expect } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { until } from '../faults/until.js';
import { testStack, type TestStack } from '../stack/index.js';
import { Answers } from './answers.js';

/** What came back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the servers of one test file share. */
export interface Tenant extends TestStack {
  readonly masterKey: string;
  readonly answers: Answers;
}

/**
 * A namespace and a database of this test file on the shared stack, with a key for what is sealed there. When the tests
 * are over, the log must hold what their commands were answered, and nothing that was refused.
 */
export async function testTenant(): Promise<Tenant> {
  const stack = await testStack();
  const answers = new Answers();
  afterAll(async () => {
    expect(await answers.contradictions(stack)).toEqual([]);
  });
  return { ...stack, masterKey: randomBytes(32).toString('base64'), answers };
}

/** The built server in a process of its own, on a tenant of this test file. */
export async function startTestServer(variables: NodeJS.ProcessEnv = {}) {
  const tenant = await testTenant();
  return { ...tenant, ...(await startServerOf(tenant, variables)) };
}

/** One more server process of the same tenant; it ends with the test file. */
export async function startServerOf(tenant: Tenant, variables: NodeJS.ProcessEnv = {}) {
  const { server, url, printed } = await launch({
    EVENTSTORE_URL: tenant.eventStoreUrl,
    DATABASE_URL: tenant.databaseUrl,
    NAMESPACE: tenant.namespace,
    MASTER_KEY: tenant.masterKey,
    PORT: '0',
    ...variables,
  });
  const isRunning = () => server.exitCode === null && server.signalCode === null;
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (!isRunning()) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  afterAll(() => end('SIGTERM'));

  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, headers: response.headers, body: recordOf(await response.json()) };
  };
  const command = async (name: string, fields: object, headers: Readonly<Record<string, string>> = {}) => {
    const id = headers['idempotency-key'] ?? randomUUID();
    const answer = await send(`/commands/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-actor': 'tester', ...headers, 'idempotency-key': id },
      body: JSON.stringify(fields),
    });
    tenant.answers.note(id, answer);
    return answer;
  };
  /** Resolves once a report tells of everything up to a position. */
  const tells = (report: string, position: unknown) =>
    until(`${report} to tell of ${String(position)}`, async () => {
      const { status } = await send(`/reports/${report}?after=${String(position)}&wait=30000`);
      return status === 200;
    });
  /** The figure of a series of `/metrics`, by its name and labels as they are printed. */
  const figure = async (series: string): Promise<number | undefined> => {
    const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
    const line = lines.find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
  return {
    url,
    pid: server.pid ?? 0,
    kill: () => end('SIGKILL'),
    /** All that the process has written to its standard output and error. */
    printed: () => Buffer.concat(printed),
    send,
    command,
    /** A read that waits for a position is as patient as the door lets it be, unless the test says how long. */
    get: (path: string) => send(/[?&]after=/.test(path) && !path.includes('wait=') ? `${path}&wait=30000` : path),
    tells,
    figure,
  };
}

async function launch(variables: NodeJS.ProcessEnv) {
  const server = spawn(process.execPath, ['dist/apps/server/main.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  const printed: Buffer[] = [];
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => printed.push(chunk));
  server.stderr.pipe(process.stderr, { end: false });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /answers on (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    server.stdout.resume();
    return { server, url, printed };
  }
  throw new Error('the server did not start');
}

/** Straight from Postgres; schemas are named after the namespace. */
export async function rowsOf(
  { databaseUrl }: TestStack,
  query: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(query)).rows;
  } finally {
    await client.end();
  }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : { value };
