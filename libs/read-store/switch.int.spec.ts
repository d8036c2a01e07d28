import { expect, test } from '@jest/globals';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { items, move, moves, put } from '../../test/read-store/items.js';
import { Rig, until } from '../../test/read-store/rig.js';
import { testDatabase } from '../../test/stack/index.js';
import {
  type AnyReport,
  dropUnseenVersion,
  projectionsOf,
  rebuildProjections,
  rollbackProjection,
  runReport,
  sql,
  switchProjection,
} from './index.js';

const rig = new Rig(await testDatabase());
const at = () => ({ pool: rig.pool, namespace: rig.namespace, projections: [items, moves] });
const rebuild = (...names: readonly string[]) => rebuildProjections({ ...at(), source: rig.log, names });
const versions = () => `${rig.namespace}_read_store.versions`;

/** Somebody who keeps a transaction open. */
async function holding<T>(statement: string, work: () => Promise<T>): Promise<T> {
  const client = new Client({ ...rig.pool.options, application_name: 'a long evening' });
  await client.connect();
  try {
    await client.query(`begin; ${statement}`);
    return await work();
  } finally {
    await client.end();
  }
}

const report = (name: string, text: ReturnType<typeof sql>): AnyReport => ({
  name,
  title: { en: name, zh: name },
  parameters: z.object({}),
  columns: { n: { title: { en: 'n', zh: 'n' }, kind: 'count' } },
  query: () => text,
});

test('readers of views and reports meet no error and never less, however often versions are switched', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'), put('ink', 'a'), move('pen', 'b'), put('cup', 'a'));
  await rig.applied();
  await rebuild('items', 'moves');
  const over = new AbortController();
  const seen: unknown[] = [];
  const reading = (...queries: readonly (() => Promise<unknown>)[]) =>
    queries.map(async (query) => {
      while (!over.signal.aborted) seen.push(await query().catch(String));
    });
  const readers = reading(
    () => runReport(rig.pool, report('forth', sql`select items_on('a') + (select count(*) from moves) as n`), {}),
    () => runReport(rig.pool, report('back', sql`select (select count(*) from moves) + items_on('a') as n`), {}),
    async () =>
      (await rig.pool.query<object>('select count(*) + (select count(*) from moves) - 1 as n from items')).rows,
    async () =>
      (await rig.pool.query<object>('select count(*) + (select count(*) from items) - 1 as n from moves')).rows,
  );
  try {
    for (let flip = 0; flip < 20; flip++) {
      const change = Math.floor(flip / 2) % 2 === 0 ? switchProjection : rollbackProjection;
      await change({ ...at(), projection: flip % 2 === 0 ? 'items' : 'moves' });
    }
  } finally {
    over.abort();
    await Promise.all(readers);
  }
  expect(seen.filter((rows) => JSON.stringify(rows) !== '[{"n":6}]')).toEqual([]);
});

test('a runner goes on over switches made beside it, and counts no failure', async () => {
  const failures: unknown[] = [];
  const watch = { applied: () => undefined, failed: (error: unknown) => failures.push(error) };
  const runner = await rig.start([items, moves], { watch });
  rig.happens(put('pen', 'a'));
  await rig.applied();
  await rebuild('items');
  for (const change of [switchProjection, rollbackProjection, switchProjection]) {
    await change({ ...at(), projection: 'items' });
    rig.happens(put(`after ${change.name}`, 'a'));
    await rig.applied();
  }
  const [{ kept } = {}] = await rig.rowsOf(`select schema_name as kept from ${versions()} where state = 'kept'`);
  await dropUnseenVersion(rig.pool, rig.namespace, String(kept));
  rig.happens(put('after the drop', 'a'));
  await rig.applied();
  expect([failures, runner.status().lastError]).toEqual([[], undefined]);
});

test('a report of which Postgres cannot tell what it reads may read any projection', async () => {
  // A body in quotes is a text to Postgres until it runs.
  const told = `create function told(wanted text) returns bigint language sql stable as 'select items_on(wanted)';`;
  await rig.install([{ ...items, analytics: `${items.analytics ?? ''} ${told}` }, moves]);
  const reads = (text: ReturnType<typeof sql>) => projectionsOf(rig.pool, rig.namespace, report('r', text));
  expect(await reads(sql`select items_on('a') as n`)).toEqual(['items']);
  expect(await reads(sql`select items_on('a') + told('a') as n`)).toBeUndefined();
  expect(await reads(sql`select 1 as n`)).toBeUndefined();
});

test('who is in the way of a switch is named, and a program starts beside it', async () => {
  await rig.start();
  await rebuild('items');
  const change = () => switchProjection({ ...at(), projection: 'items', patienceMs: 0 });
  await holding('select count(*) from items', async () => {
    await expect(change()).rejects.toThrow(
      /^What readers see cannot be changed now: .*a long evening of \w+ \(process \d+/,
    );
    await rig.install([items, moves]);
  });
  await holding(`lock table ${versions()} in exclusive mode`, () => rig.install([items, moves]));
  await change();
});

test('a switch never goes back: the last of several builds is shown, and then there is none to show', async () => {
  await rig.start();
  await rebuild('items');
  const [last] = await rebuild('items');
  expect(await switchProjection({ ...at(), projection: 'items' })).toBe(last);
  await expect(switchProjection({ ...at(), projection: 'items' })).rejects.toThrow('newer than the one readers see');
  expect(await rig.rowsOf(`select build, state from ${versions()} where projection = 'items' order by build`)).toEqual([
    { build: 1, state: 'kept' },
    { build: 3, state: 'living' },
  ]);
});

test('a version of another program is not switched to', async () => {
  await rig.start();
  await rebuild('items');
  const newer = { ...at(), projections: [{ ...items, version: 2 }, moves], projection: 'items' };
  await expect(switchProjection(newer)).rejects.toThrow('No version of items is ready');
});

test('a rebuild ends when another process has finished its version meanwhile', async () => {
  await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  const subscribe: typeof rig.log.subscribe = async function* (...how) {
    await rig.rowsOf(`update ${versions()} set state = 'ready', epoch = epoch + 1, holder = null, held_until = null
      where state = 'building'`);
    yield* rig.log.subscribe(...how);
  };
  const lost: string[] = [];
  const onLost = (taken: readonly string[]) => lost.push(...taken);
  expect(await rebuildProjections({ ...at(), source: { subscribe }, names: ['items'], onLost })).toEqual(lost);
  expect(lost).toHaveLength(1);
});

test('a builder that was halted in the middle of a COPY is ended, and another takes over', async () => {
  await rig.install([items, moves]);
  await rig.rowsOf(`update ${versions()} set state = 'building', holder = 'halted', held_until = clock_timestamp()`);
  const halted = new Client(rig.pool.options);
  await halted.connect();
  const ended = new Promise((resolve) => halted.on('error', resolve));
  await halted.query(`begin; update ${versions()} set moved_at = now()`);
  const [{ schema } = {}] = await rig.rowsOf(
    `select schema_name as schema from ${versions()} where projection = 'items'`,
  );
  halted.query(copyFrom(`copy ${String(schema)}.items from stdin`)).on('error', () => undefined);
  await until(
    async () =>
      (await rig.rowsOf(`select from pg_stat_activity where state = 'active' and query like 'copy%'`)).length > 0,
  );
  rig.happens(put('pen', 'a'));
  await rig.start([items, moves], { leaseMs: 300 });
  await ended;
  await rig.applied();
});
