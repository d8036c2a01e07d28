import { expect, test } from '@jest/globals';
import { projectionsIn, reports } from '#projections';
import { InvalidParameters, runReport } from '#read-store';
import { open, tellProcess, win } from './deals.js';
import { project } from './project.js';
import { Story } from './story.js';

const story = new Story();
tellProcess(story);
// Won at two in the morning in Shanghai, which is the evening of the day before in UTC.
story
  .tell('lead-1', '2021-01-31T18:00:00.000Z', 'LeadCaptured', { leadId: '1', source: 'web', stageVisit: { begins: 1 } })
  .tell('lead-2', '2021-01-31T12:00:00.000Z', 'LeadCaptured', { leadId: '2', stageVisit: { begins: 1 } });
open(story, 'a', '2021-01-01', { owner: 'ada', manager: 'max' });
win(story, 'a', '2021-02-01', { owner: 'ada', manager: 'max', finalAmount: 900, visit: 1 });
open(story, 'b', '2021-01-01', { owner: 'bob', manager: 'max' });

const { pool, rows } = await project(story.events, { zone: 'Asia/Shanghai' });

const reportNamed = (name: string) => {
  const report = reports.find((known) => known.name === name);
  if (report === undefined) throw new Error(`no report ${name}`);
  return report;
};
const run = (name: string, parameters: Readonly<Record<string, unknown>> = {}) =>
  runReport(pool, reportNamed(name), parameters);
const needed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'customer-history': { customer: 'k' },
  'customer-as-of': { customer: 'k' },
  'customer-at-revision': { customer: 'k', at_revision: '1' },
  'customer-diff': { customer: 'k', from_revision: '1', to_revision: '2' },
};

test.each(reports.map(({ name }) => name))('%s runs, and its columns are those of its function', async (name) => {
  await expect(run(name, needed[name])).resolves.toBeInstanceOf(Array);
  const { rows: nothing, fields } = await pool.query(
    `select * from ${name.replaceAll('-', '_')}(${Object.values(needed[name] ?? {})
      .map((value) => `'${value}'`)
      .join()}) limit 0`,
  );
  const shown = Object.entries(reportNamed(name).columns);
  const wanted = shown.flatMap(([column, { kind }]) => (typeof kind === 'object' ? [column, kind.money] : [column]));
  expect(nothing).toEqual([]);
  expect(fields.map((field) => field.name)).toEqual(expect.arrayContaining(wanted));
});

test('parameters are checked by name, and text from an address line is understood', async () => {
  await expect(run('performance', { by: 'colour' })).rejects.toThrow(InvalidParameters);
  await expect(run('performance', { closed_from: '2021-02-30' })).rejects.toThrow('closed_from');
  await expect(run('performance', { wrong: '1' })).rejects.toThrow('wrong');
  expect(await run('lead-snapshot', { older_than_days: '10', as_of: '2021-02-11' })).toMatchObject([{ open_older: 1 }]);
  expect(await run('customer-share', { top_share: '0.5', roll_up: 'true' })).toEqual([]);
});

test('days and months are those of the reporting zone', async () => {
  expect(await run('lead-conversion', { per: 'month' })).toMatchObject([
    { period: '2021-01', n: 1 },
    { period: '2021-02', n: 1 },
  ]);
  expect(await run('lead-snapshot', { as_of: '2021-01-31' })).toMatchObject([{ captured: 1 }]);
  expect(() => projectionsIn("UTC'; drop table")).toThrow('reporting zone');
});

test('money is carried with its currency, and a figure opens into its rows by key', async () => {
  expect(await run('performance', { by: 'manager' })).toMatchObject([
    { key: 'max', opportunities: 2, won: 1, revenue: { amount: 900, currency: 'CNY' }, win_rate: 1 },
  ]);
  expect(reportNamed('performance').opensInto).toBe('performance-rows');
  expect(await run('performance-rows', { by: 'owner', key: 'ada' })).toMatchObject([
    { opportunity_id: 'a', amount: { amount: 900, currency: 'CNY' }, closing_event_id: 'opportunity-a@1' },
  ]);
  expect(await run('lead-snapshot-rows', { by: 'source', key: '' })).toMatchObject([{ lead_id: '2', key: null }]);
});

test('every function and view of analytics explains itself in English and Chinese', async () => {
  expect(
    await rows(`
      select name from (
        select proname as name, obj_description(oid, 'pg_proc') as comment from pg_proc
        where pronamespace = 'analytics'::regnamespace
        union all
        select relname, obj_description(oid, 'pg_class') from pg_class
        where relnamespace in ('analytics'::regnamespace, 'read_models'::regnamespace) and relkind = 'v'
      ) as described
      where comment is null or comment !~ '[\u4e00-\u9fff]' or comment !~ '[a-z]'`),
  ).toEqual([]);
});

test('every metric takes business time and recorded time', async () => {
  expect(
    await rows(`
      select proname from pg_proc
      where pronamespace = 'analytics'::regnamespace and proretset
        and proname not in ('customer_at_revision', 'customer_diff', 'words')
        and not proargnames @> array['as_of', 'known_at']`),
  ).toEqual([]);
});
