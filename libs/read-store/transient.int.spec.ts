import { expect, test } from '@jest/globals';
import { put } from '../../test/read-store/items.js';
import { Rig, until } from '../../test/read-store/rig.js';
import { testDatabase } from '../../test/stack/index.js';

const rig = new Rig(await testDatabase());

/** From now on every row written to the table is refused with this code, as Postgres would refuse it. */
const refuse = (table: string, code: string) =>
  rig.rowsOf(`
    create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'refused with ${code}' using errcode = '${code}'; end $$;
    create trigger refusal before insert on ${table} for each row execute function refuse()`);
const relent = () => rig.rowsOf('drop function refuse cascade');

test.each([
  ['a deadlock', '40P01'],
  ['a serialization failure', '40001'],
  ['a restart', '57P01'],
  ['a server that is starting', '57P03'],
  ['a failover to a standby that may only be read', '25006'],
  ['a lost connection', '08006'],
  ['a lock that was not to be had', '55P03'],
  ['a statement that took too long', '57014'],
  ['a full disk', '53100'],
  ['too many connections', '53300'],
])('%s parks nothing: the batch is written once it has passed', async (_, code) => {
  const runner = await rig.start();
  rig.happens(put('pen', 'a'));
  await rig.applied();
  const schema = runner.status().projections.find(({ name }) => name === 'items')?.schema ?? '';
  await refuse(`${schema}.items`, code);
  rig.happens(put('ink', 'a'), put('cup', 'b'));
  await until(() => runner.status().lastError?.message.includes(`refuses it with ${code}`) ?? false);
  await relent();
  await rig.applied();
  expect(await rig.rowsOf(`select from ${rig.namespace}_read_store.dead_letters`)).toEqual([]);
  expect(await rig.rowsOf('select count(*) from items')).toEqual([{ count: 3 }]);
  expect(await rig.rowsOf('select count(*) from moves')).toEqual([{ count: 3 }]);
});

test('a real deadlock with another session parks nothing', async () => {
  const runner = await rig.start();
  rig.happens(put('pen', 'a'), put('ink', 'a'));
  await rig.applied();
  const schema = runner.status().projections.find(({ name }) => name === 'items')?.schema ?? '';
  const other = await rig.pool.connect();
  try {
    await other.query('begin');
    await other.query(`select from ${schema}.items where item = 'pen' for update`);
    rig.happens(put('pen', 'b'));
    await until(async () => (await waiters()) > 0);
    // The runner holds its versions and waits for the pen; now this session waits for the versions, holding the pen.
    await other.query(`update ${rig.namespace}_read_store.versions set place = place`);
    await other.query('commit');
  } finally {
    other.release(true);
  }
  await rig.applied();
  expect(runner.status().lastError?.message).toMatch('40P01');
  expect(await rig.rowsOf(`select from ${rig.namespace}_read_store.dead_letters`)).toEqual([]);
  expect(await rig.rowsOf(`select shelf from items where item = 'pen'`)).toEqual([{ shelf: 'b' }]);
});

const waiters = async () =>
  Number(
    (
      await rig.rowsOf(`select count(*) as n from pg_stat_activity where wait_event_type = 'Lock'
    and datname = current_database() and query like '%items%'`)
    )[0]?.['n'],
  );
