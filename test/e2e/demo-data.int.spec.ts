import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RecordedEvent } from '#kernel';
import { createPool } from '#read-store';
import { fc } from '../draws.js';
import { Chance } from '../../apps/cli/demo/chance.js';
import { leadStory } from '../../apps/cli/demo/lead-story.js';
import { foundOrganisation } from '../../apps/cli/demo/organisation.js';
import { play } from '../../apps/cli/demo/play.js';
import { anySplit, differencesOfSplit } from './any-split.js';
import { metrics, type Figures, type Metric, type Row } from './drill-down.js';
import { differencesFromRebuild, withReadSide } from './rebuilt.js';
import { rowsOf, startTestServer } from './server.js';

jest.setTimeout(600_000);

const STORIES = 90;
const server = await startTestServer();
const pool = createPool(server.databaseUrl, { namespace: server.namespace });
afterAll(() => pool.end());
const events: RecordedEvent[] = [];
const eventIds = new Set<string>();

beforeAll(async () => {
  const chance = new Chance(7);
  const organisation = foundOrganisation(chance);
  const stories = Array.from({ length: STORIES }, (_, index) => leadStory(organisation, chance, index + 1));
  await play(server.url, [organisation.founding], () => undefined);
  const sourceless = { leadId: chance.id('lead', 'of nobody knows where'), occurredAt: '2025-02-01T09:00:00.000Z' };
  await server.command('CaptureLead', sourceless, { 'x-actor-kind': 'simulation' });
  const last = await play(server.url, stories, () => undefined);
  await server.tells('lead-funnel', last);
  await withReadSide(server, async ({ source }) => {
    const over = new AbortController();
    for await (const delivery of source.subscribe('start', over.signal)) {
      if ('event' in delivery) events.push(delivery.event);
      if ('caughtUp' in delivery) over.abort();
    }
  });
  for (const { eventId } of events) eventIds.add(eventId);
});

const ask = async (call: string): Promise<readonly Row[]> => (await pool.query<Row>(`select * from ${call}`)).rows;

const questions = Object.entries(metrics).flatMap(([name, metric]) =>
  (metric.dimensions ?? [undefined]).map((dimension) => [name, dimension ?? 'as it is', metric, dimension] as const),
);

const callOf = ({ asked = [] }: Metric, dimension: string | undefined) =>
  [...(dimension === undefined ? [] : [`by => '${dimension}'`]), ...asked, `as_of => '2025-12-31'`].join(', ');

test.each(questions)(
  'the rows of %s by %s make up its figures, and their events are in the log',
  async (name, _, metric, dimension) => {
    const call = callOf(metric, dimension);
    const [answers, rows] = [await ask(`${name}(${call})`), await ask(`${name}_rows(${call})`)];
    expect(answers.length).toBeGreaterThan(0);
    const groups = new Map<string, Row[]>();
    const groupOf = (row: Row) => JSON.stringify(metric.by.map((column) => row[column]));
    for (const row of rows) groups.set(groupOf(row), [...(groups.get(groupOf(row)) ?? []), row]);

    expect(new Set(answers.map(groupOf))).toEqual(new Set(groups.keys()));
    for (const answer of answers) {
      const figures = metric.figures(groups.get(groupOf(answer)) ?? [], answer);
      expect(answer).toEqual({ ...answer, ...toSixPlaces(figures) });
    }
    for (const row of rows) {
      const ids = Object.entries(row).flatMap(([column, value]) => (/event_ids?$/.test(column) ? [value].flat() : []));
      const named = ids.filter((id) => id !== null);
      expect({ row, named: named.length > 0 }).toEqual({ row, named: true });
      expect(named.filter((id) => typeof id !== 'string' || !eventIds.has(id))).toEqual([]);
    }
  },
);

test('no metric is left out', async () => {
  const siblings = await rowsOf(
    server,
    `select left(proname, -5) as name from pg_proc
     where pronamespace = '${server.namespace}_analytics'::regnamespace and proname like '%\\_rows' order by 1`,
  );
  expect(siblings.map(({ name }) => name)).toEqual(Object.keys(metrics).sort());
});

test('every function that counts has a sibling that lists what it counted', async () => {
  const counting = await rowsOf(
    server,
    `select proname from pg_proc f
     where pronamespace = '${server.namespace}_analytics'::regnamespace and proretset and proname !~ '_rows$'
       and pg_get_function_result(oid) ~ '\\m(n|won|captured|exits|customers|leads) bigint'
       and not exists (select from pg_proc r where r.pronamespace = f.pronamespace and r.proname = f.proname || '_rows')`,
  );
  expect(counting).toEqual([]);
});

test('the read models of the demo equal a fresh rebuild, row for row', async () => {
  expect(await differencesFromRebuild(server)).toEqual([]);
});

test('any split of any streams into batches gives the same tables, kept up or built', async () => {
  const site = { pool, namespace: server.namespace };
  await fc.assert(
    fc.asyncProperty(anySplit(events), fc.boolean(), async (split, isBuild) => {
      expect(await differencesOfSplit(site, split, isBuild)).toEqual([]);
    }),
    { numRuns: 10 },
  );
});

/** As the database rounds. */
const toSixPlaces = (figures: Figures) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === 'number' ? expect.closeTo(value, 5) : value,
    ]),
  );
