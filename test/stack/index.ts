import { afterAll } from '@jest/globals';

/** What one test file has to itself on the shared stack. */
export interface TestStack {
  /** `esdb://…` of the event node that all test files share. */
  readonly eventStoreUrl: string;
  /** An empty database of this file's own, dropped after its tests. */
  readonly databaseUrl: string;
  /** Prefix that keeps this file's streams apart from all others. */
  readonly namespace: string;
}

/** Use as `const stack = await testStack();` at the top of a `.int.spec.ts`: the first file waits for the start. */
export async function testStack(): Promise<TestStack> {
  const databaseUrl = await testDatabase();
  return { eventStoreUrl: await ask('GET', 'event-store'), databaseUrl, namespace: nameOf(databaseUrl) };
}

/** The same for tests that need Postgres only. */
export async function testDatabase(): Promise<string> {
  const url = await ask('GET', 'database');
  afterAll(() => ask('DELETE', `database/${nameOf(url)}`));
  return url;
}

const nameOf = (databaseUrl: string): string => new URL(databaseUrl).pathname.slice(1);

async function ask(method: 'GET' | 'DELETE', what: string): Promise<string> {
  const response = await fetch(`${process.env['TAIZHANG_TEST_STACK'] ?? ''}/${what}`, { method });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
