import { afterAll, expect, test } from '@jest/globals';
import { Client, Pool } from 'pg';
import { projectionsIn, reports } from '#projections';
import { createPool, letAnalystIn, rebuildProjections, runReport, switchProjection } from '#read-store';
import { MemoryLog } from '../read-store/memory-log.js';
import { testStack } from '../stack/index.js';
import { open, tellProcess, win } from './deals.js';
import { project } from './project.js';
import { Story } from './story.js';

const story = new Story();
tellProcess(story);
open(story, 'a', '2021-01-01', { owner: 'ada', manager: 'max' });
win(story, 'a', '2021-02-01', { owner: 'ada', manager: 'max', finalAmount: 900, visit: 1 });
const { pool, databaseUrl } = await project(story.events);
/** Whether another test file has asked for the event node, and so for its database, is chance. */
await testStack();

const { role, password } = await letAnalystIn(pool);
const url = new URL(databaseUrl);
[url.username, url.password] = [role, password];
const analyst = new Pool({ connectionString: url.toString(), max: 1 }).on('error', () => undefined);
/** The same role, as the reports ask. */
const reader = createPool(url.toString());
afterAll(() => Promise.all([analyst.end(), reader.end()]));

const needed = { customer: 'k', at_revision: '1', from_revision: '1', to_revision: '2' };
const wonDeals = async () => (await analyst.query<{ won: string }>('select won from performance()')).rows[0]?.won;

test('an analyst runs every report', async () => {
  for (const report of reports) {
    const parameters = Object.entries(needed).filter(([name]) => name in report.parameters.shape);
    await expect(runReport(reader, report, Object.fromEntries(parameters))).resolves.toBeInstanceOf(Array);
  }
  expect(await wonDeals()).toBe('1');
});

test('the schema holds views and functions only, each of which an analyst may use', async () => {
  const { rows } = await analyst.query(
    `select relname, relkind::text as kind from pg_class
     where relnamespace = 'analytics'::regnamespace and (relkind <> 'v' or not has_table_privilege(oid, 'select'))
     union all
     select proname, prokind::text from pg_proc
     where pronamespace = 'analytics'::regnamespace and not has_function_privilege(oid, 'execute')`,
  );
  expect(rows).toEqual([]);
});

test('an analyst reads nothing else', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name from pg_class
     join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'v', 'm', 'p', 'S') and nspname not in ('analytics', 'pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const names = rows.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['read_store.versions', 'read_models.opportunity']));
  for (const name of names)
    await expect(analyst.query(`select from ${name}`)).rejects.toThrow(/permission denied for schema/);
});

test.each([
  'create table analytics.mine (id int)',
  'create table public.mine (id int)',
  'create function analytics.mine() returns int return 1',
  'drop function analytics.performance',
  'delete from read_models.opportunity',
  'create temporary table mine (id int)',
  'select lo_create(0)',
  "select lo_from_bytea(0, 'x')",
  "copy (select 1) to program 'true'",
])('an analyst cannot: %s', async (statement) => {
  const client = await analyst.connect();
  try {
    await client.query('set default_transaction_read_only = off');
    await expect(client.query(statement)).rejects.toThrow(/permission denied|must be owner/);
  } finally {
    client.release(true);
  }
});

test('an analyst’s statements end in time, and write nothing by default', async () => {
  const shown = async (setting: string) =>
    (await analyst.query<{ value: string }>(`select current_setting($1) as value`, [setting])).rows[0]?.value;
  expect(await shown('statement_timeout')).toBe('1min');
  expect(await shown('idle_in_transaction_session_timeout')).toBe('1min');
  expect(await shown('default_transaction_read_only')).toBe('on');
  expect(await shown('search_path')).toBe('analytics');
});

test('what an analyst changes of its own settings for later is set back when it is let in again', async () => {
  await pool.query(`alter role ${role} set statement_timeout = 0`);
  await pool.query(
    `do $$ begin execute format('alter role ${role} in database %I set search_path = public', current_database()); end $$`,
  );
  url.password = (await letAnalystIn(pool)).password;
  const again = new Client({ connectionString: url.toString() });
  await again.connect();
  const { rows } = await again.query(
    `select current_setting('statement_timeout') as statements, current_setting('search_path') as path`,
  );
  await again.end();
  expect(rows).toEqual([{ statements: '1min', path: 'analytics' }]);
});

test('an analyst does not get into the database of the log, which lies in the same cluster', async () => {
  url.pathname = '/event_log';
  const stray = new Client({ connectionString: url.toString() });
  await expect(stray.connect()).rejects.toThrow(/permission denied for database "event_log"/);
});

test('the surface stays the same when a projection is built anew and switched', async () => {
  const source = new MemoryLog();
  source.append(...story.events);
  const surface = `select oid::regprocedure::text as signature, obj_description(oid) as comment from pg_proc
    where pronamespace = 'analytics'::regnamespace order by 1`;
  const before = (await analyst.query(surface)).rows;
  await rebuildProjections({ pool, projections: projectionsIn('UTC'), source, names: ['opportunity_funnel'] });
  await switchProjection({ pool, projections: projectionsIn('UTC'), projection: 'opportunity_funnel' });
  expect((await analyst.query(surface)).rows).toEqual(before);
  expect(await wonDeals()).toBe('1');
});
