import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { until } from '../read-store/rig.js';
import { differencesFromRebuild } from './rebuilt.js';
import { rowsOf, startServerOf, testTenant } from './server.js';

const tenant = await testTenant();
const api = await startServerOf(tenant, { ROLES: 'api' });
const projectors = await Promise.all([1, 2].map(() => startServerOf(tenant, { ROLES: 'projections' })));

/** The process that holds all projections; undefined while they change hands. */
const leader = async () => {
  const holders = await rowsOf(
    tenant,
    `select distinct split_part(holder, ':', 2) as pid from ${tenant.namespace}_read_store.versions
     where held_until > clock_timestamp()`,
  );
  return holders.length === 1 ? projectors.find(({ pid }) => String(pid) === holders[0]?.['pid']) : undefined;
};
const capture = async () => String((await api.command('CaptureLead', { leadId: randomUUID() })).body['position']);
const seen = async (position: string) => (await api.get(`/reports/lead-funnel?after=${position}&wait=30000`)).status;

/** From now on Postgres notes which process moves a checkpoint. */
const noteWriters = () =>
  rowsOf(
    tenant,
    `create table writer (process text not null);
     create function note_writer() returns trigger language plpgsql as
       $$ begin insert into public.writer values (current_setting('application_name')); return null; end $$;
     create trigger note_writer after update of commit on ${tenant.namespace}_read_store.versions
       for each row when (old.commit is distinct from new.commit) execute function note_writer()`,
  );
const movesBy = async ({ pid }: { readonly pid: number }) =>
  (await rowsOf(tenant, `select count(*)::int as n from writer where process = 'taizhang ${pid}'`))[0]?.['n'];

test('a halted leader is replaced, and writes nothing when it comes back', async () => {
  await until(async () => (await leader()) !== undefined);
  const first = await leader();
  const second = projectors.find((one) => one !== first);
  if (first === undefined || second === undefined) throw new Error('one of two leads');
  await noteWriters();
  expect(await seen(await capture())).toBe(200);
  expect([await movesBy(first), await movesBy(second)]).toEqual([expect.any(Number), 0]);
  expect(await second.figure('taizhang_projection_reader{state="standing by"}')).toBe(1);

  // Events are under way while it halts, so that it comes back with a batch in its hands.
  const captures = Array.from({ length: 40 }, capture);
  process.kill(first.pid, 'SIGSTOP');
  const positions = await Promise.all(captures);
  expect(await Promise.all(positions.map(seen))).toEqual(positions.map(() => 200));
  expect(await leader()).toBe(second);
  const [before, bySecond] = [await movesBy(first), await movesBy(second)];

  process.kill(first.pid, 'SIGCONT');
  expect(await seen(await capture())).toBe(200);
  await until(async () => (await first.figure('taizhang_projection_reader{state="standing by"}')) === 1);
  expect(await seen(await capture())).toBe(200);
  expect(await movesBy(first)).toBe(before);
  expect(await movesBy(second)).toBeGreaterThan(Number(bySecond));
  expect(await leader()).toBe(second);
  expect(await differencesFromRebuild(tenant)).toEqual([]);

  await second.kill();
  expect(await seen(await capture())).toBe(200);
  expect(await leader()).toBe(first);
  expect(await differencesFromRebuild(tenant)).toEqual([]);
});
