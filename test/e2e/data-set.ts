import { test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { rowsOf, startTestServer } from './server.js';

const DATA = '../shared/data';

export type Row = Readonly<Record<string, unknown>>;

const Expected = z.record(z.string(), z.unknown());
const answer = (value: unknown, name: string): unknown => Expected.parse(value)[name];
const Import = z.object({
  events: z.number(),
  records: z.array(
    z.object({
      records: z.string(),
      rows: z.number(),
      duplicate: z.number(),
      rejected: z.number(),
      respellings: z.array(z.object({ from: z.string(), to: z.string(), rows: z.number() })),
    }),
  ),
});

/** A server to import a data set into, and what its publisher's files should come to. Absent data is said and skipped. */
export async function dataSet(set: string) {
  const folder = join(DATA, set);
  if (!existsSync(folder)) {
    console.warn(`${set} not found under ${DATA}: its figures are not checked here`);
    const absent = (): Promise<never> => Promise.reject(new Error(`${set} is absent`));
    return {
      check: test.skip,
      importIt: absent,
      rows: absent,
      expected: absent,
      settled: absent,
      customersWith: absent,
    };
  }
  const server = await startTestServer();
  const importIt = async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'taizhang-import-'));
    const report = join(scratch, 'report.json');
    try {
      const arguments_ = ['dist/apps/cli/main.js', 'import', set, folder, '--server', server.url, '--report', report];
      await promisify(execFile)(process.execPath, arguments_);
      return Import.parse(JSON.parse(await readFile(report, 'utf8')));
    } finally {
      await rm(scratch, { recursive: true });
    }
  };
  const rows = async (path: string): Promise<readonly Row[]> => {
    const { body } = await server.get(`/reports/${path}`);
    return z.array(z.record(z.string(), z.unknown())).parse(body['rows']);
  };
  /** One answer by its path: `totals.won`. */
  const expected = async (path: string, file = 'expected.json'): Promise<unknown> =>
    path.split('.').reduce<unknown>(answer, JSON.parse(await readFile(join(folder, file), 'utf8')));
  /** The read models are behind for a moment only; waiting for the last write of the import makes it exact. */
  const settled = async () => {
    const last = await server.command('CreateUnit', { unitId: '0a0a0000-0000-4000-8000-000000000001', name: 'last' });
    await server.tells('organisation', last.body['position']);
  };
  /** How many customers have a value in a field, by the table of the read models. */
  const customersWith = async (field: 'city'): Promise<number> => {
    const [living] = await rowsOf(
      server,
      `select schema_name from ${server.namespace}_read_store.versions where projection = 'reference' and state = 'living'`,
    );
    const [counted] = await rowsOf(
      server,
      `select count(${field})::int as n from ${String(living?.['schema_name'])}.customer`,
    );
    return Number(counted?.['n']);
  };
  return { check: test, importIt, rows, expected, settled, customersWith };
}

export const money = (value: unknown): number => z.object({ amount: z.number() }).parse(value).amount;
export const optionalMoney = (value: unknown): number => (value === null ? 0 : money(value));
export const six = (value: unknown): number => Math.round(Number(value) * 1e6) / 1e6;
export const keyed = <T>(rows: readonly Row[], name: string, value: (row: Row) => T): Record<string, T> =>
  Object.fromEntries(rows.map((row) => [labelOf(row[name]), value(row)]));

const labelOf = (value: unknown): string => (typeof value === 'string' ? value : '(empty)');
