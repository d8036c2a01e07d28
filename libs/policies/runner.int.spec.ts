import { expect, test } from '@jest/globals';
import { EventStoreUnavailable } from '#event-store';
import { Refusal } from '#kernel';
import { done, PolicyRig } from '../../test/policies/rig.js';
import { move, put, take } from '../../test/read-store/items.js';
import { until } from '../../test/read-store/rig.js';
import { testDatabase } from '../../test/stack/index.js';

import { askForRetry } from './index.js';

const rig = new PolicyRig(await testDatabase());
const day = (days: number) => new Date(Date.parse('2026-11-22T08:00:00.000Z') + days * 86_400_000).toISOString();

test('an event becomes commands of the policy, with ids and causes of their own', async () => {
  const runner = rig.start();
  rig.happens(put('pen', 'a'), put('ink', 'a'));
  await rig.settled(runner);
  expect(rig.effects()).toEqual(['GreetItem pen', 'GreetItem ink']);
  expect(new Set(rig.sent.map(({ at }) => at))).toEqual(new Set(['dust-what-lies']));
});

test('deadlines come in their order when the clock says so, not before, and no event needs to come', async () => {
  const runner = rig.start();
  rig.happens(put('pen', 'a'));
  await rig.settled(runner);
  rig.clock.advanceTo(day(1));
  rig.happens(put('ink', 'a'));
  await rig.settled(runner);
  rig.clock.advanceTo('2026-12-02T07:59:59.999Z');
  await rig.settled(runner);
  expect(rig.effects()).toEqual(['GreetItem pen', 'GreetItem ink']);
  rig.clock.advanceTo(day(11));
  await rig.settled(runner);
  expect(rig.effects().slice(2)).toEqual([`DustItem pen ${day(10)}`, `DustItem ink ${day(11)}`]);
  expect(runner.status().nextDeadline).toBe(day(21));
});

test('a later event moves a deadline, or cancels it', async () => {
  const runner = rig.start();
  rig.happens(put('pen', 'a'), put('ink', 'a'));
  await rig.settled(runner);
  rig.clock.advanceTo(day(9));
  rig.happens(move('pen', 'b'), take('ink'));
  await rig.settled(runner);
  rig.clock.advanceTo(day(18));
  await rig.settled(runner);
  expect(rig.effects().slice(2)).toEqual([]);
  rig.clock.advanceTo(day(19));
  await rig.settled(runner);
  expect(rig.effects().slice(2)).toEqual([`DustItem pen ${day(19)}`]);
});

test('a group is woken together', async () => {
  const runner = rig.start();
  rig.happens(put('pen', 'a'), put('ink', 'a'), put('cup', 'b'));
  await rig.settled(runner);
  rig.happens({ type: 'ItemNoted', data: { item: 'a', note: 'wake' } });
  await rig.settled(runner);
  expect(new Set(rig.effects().slice(3))).toEqual(new Set([`DustItem ink ${day(0)}`, `DustItem pen ${day(0)}`]));
});

test('a restart between sending and writing does everything again under the same ids', async () => {
  await rig.rows(`create function $.refuse() returns trigger language plpgsql as 'begin raise ''down''; end'`);
  await rig.rows('create trigger down before insert on $.deadlines execute function $.refuse()');
  const first = rig.start();
  rig.happens(put('pen', 'a'));
  await until(() => rig.sent.length >= 2);
  await first.stop();
  await rig.rows('drop trigger down on $.deadlines');
  const second = rig.start();
  await rig.settled(second);
  expect(rig.sent.length).toBeGreaterThan(2);
  expect(rig.effects()).toEqual(['GreetItem pen']);
  rig.clock.advanceTo(day(10));
  await rig.settled(second);
  expect(rig.effects()).toEqual(['GreetItem pen', `DustItem pen ${day(10)}`]);
});

test('deadlines that came while nobody ran are answered at the start, each once', async () => {
  const first = rig.start();
  rig.happens(put('pen', 'a'));
  await rig.settled(first);
  await first.stop();
  rig.clock.advanceTo(day(15));
  const second = rig.start();
  await rig.settled(second);
  expect(rig.effects()).toEqual(['GreetItem pen', `DustItem pen ${day(10)}`]);
  expect(second.status().nextDeadline).toBe(day(25));
});

test('what an event not yet read cancels is not answered after a restart', async () => {
  const first = rig.start();
  rig.happens(put('pen', 'a'));
  await rig.settled(first);
  await first.stop();
  rig.happens(take('pen'));
  rig.clock.advanceTo(day(15));
  const second = rig.start();
  await rig.settled(second);
  expect(rig.effects()).toEqual(['GreetItem pen']);
});

test('where it is gets stored also when nothing of interest happens', async () => {
  const runner = rig.start();
  rig.happens(put('pen', 'a'));
  await rig.settled(runner);
  rig.log.push({ checkpoint: { commit: 900_000n, prepare: 900_000n } });
  await until(async () => (await rig.statuses()).policies[0]?.commit === '900000');
  expect((await rig.statuses()).policies).toMatchObject([{ recordedAt: expect.any(String), isDeclared: true }]);
});

test('a deadline that has come and is not answered yet is due', async () => {
  const runner = rig.start();
  rig.happens(put('pen', 'a'), put('ink', 'a'));
  await rig.settled(runner);
  await runner.stop();
  rig.clock.advanceTo(day(10));
  expect((await rig.statuses()).policies).toMatchObject([
    { openDeadlines: 2, dueDeadlines: 2, nextDeadline: day(10), holder: null },
  ]);
});

test('one process runs the policies; another takes over, and the first can write nothing more', async () => {
  const first = rig.start();
  rig.happens(put('pen', 'a'));
  await rig.settled(first);
  const second = rig.start();
  rig.happens(put('ink', 'a'));
  await rig.settled(first);
  expect(second.status().state).toBe('standing by');
  await rig.rows(`update $.policies set holder = 'another host', epoch = epoch + 1,
    held_until = clock_timestamp() + interval '1 hour'`);
  rig.happens(put('cup', 'a'));
  await until(() => first.status().state !== 'live');
  expect(await rig.rows('select key from $.deadlines order by key')).toEqual([{ key: 'ink' }, { key: 'pen' }]);
  await rig.rows('update $.policies set holder = null');
  await until(async () => (await rig.rows('select from $.deadlines')).length === 3);
});

test('a refusal is counted and may have a reaction; it stops nothing', async () => {
  const runner = rig.start();
  rig.happens(put('pen', 'a'));
  await rig.settled(runner);
  rig.answer = () => {
    throw new Refusal('TOO_DUSTY');
  };
  rig.clock.advanceTo(day(10));
  await rig.settled(runner);
  const { outcomes } = await rig.statuses();
  expect(outcomes).toMatchObject([
    { command: 'DustItem', outcome: 'TOO_DUSTY', times: 1 },
    { command: 'GreetItem', outcome: 'done', times: 1 },
  ]);
  expect(runner.status().nextDeadline).toBe(day(11));
});

test('a store that does not answer is asked again until it does', async () => {
  let silent = 3;
  rig.answer = () => {
    if (silent-- > 0) throw new EventStoreUnavailable('append');
    return { stream: 's', revision: 0n, position: 0n, events: ['Done'], duplicate: false };
  };
  const runner = rig.start();
  rig.happens(put('pen', 'a'));
  await rig.settled(runner);
  expect(rig.sent).toHaveLength(4);
  expect(rig.effects()).toEqual(['GreetItem pen']);
});

test('what a policy fails on is parked with its reason, the later events of its stream behind it, and the rest goes on', async () => {
  const runner = rig.start({ log: undefined });
  const [, poison, behind] = rig.happens(
    put('pen', 'a'),
    { type: 'ItemNoted', data: { item: 'pen', note: 'poison' } },
    take('pen'),
    put('ink', 'a'),
  );
  rig.happens(put('cursed', 'a'));
  await rig.settled(runner);
  rig.clock.advanceTo(day(10));
  await rig.settled(runner);
  const { parked, policies } = await rig.statuses();
  expect(parked).toMatchObject([
    { what: `item-pen@${poison?.revision}`, reason: expect.stringMatching(/^Error at /) },
    { what: `item-pen@${behind?.revision}`, reason: 'An earlier event of the stream is parked' },
    { what: 'deadline cursed', reason: expect.stringMatching(/^Error at /) },
  ]);
  expect(parked[0]?.stack).toContain('shelf-care');
  expect(policies).toMatchObject([{ parkedEvents: 2, parkedDeadlines: 1, openDeadlines: 2 }]);
  expect(rig.effects()).toContain(`DustItem ink ${day(10)}`);
});

test('what is parked is reacted to again, in order, when an operator asks for it', async () => {
  const runner = rig.start();
  const isBroken = { now: true };
  rig.answer = () => {
    if (isBroken.now) throw new TypeError('broken');
    return done;
  };
  rig.happens(put('pen', 'a'), take('pen'), put('cursed', 'a'));
  await rig.settled(runner);
  expect((await rig.statuses()).policies).toMatchObject([{ parkedEvents: 3 }]);
  const ask = (what?: string) =>
    askForRetry({ pool: rig.pool, namespace: rig.namespace, policy: 'dust-what-lies', what, reason: 'mended' });
  const asked = () => rig.rows('select from $.parked_events where retry_reason is not null');

  expect(await ask('item-pen')).toBe(2);
  await until(async () => (await asked()).length === 0);
  expect((await rig.statuses()).policies).toMatchObject([{ parkedEvents: 3 }]);

  isBroken.now = false;
  rig.happens(put('pen', 'b'));
  await rig.settled(runner);
  expect(await ask()).toBe(4);
  await until(async () => (await rig.statuses()).policies[0]?.parkedEvents === 0);
  await rig.settled(runner);
  expect(await rig.rows(`select key, group_key from $.deadlines order by key`)).toEqual([
    { key: 'cursed', group_key: 'a' },
    { key: 'pen', group_key: 'b' },
  ]);
  rig.happens(move('pen', 'c'));
  await rig.settled(runner);
  expect((await rig.statuses()).policies).toMatchObject([{ parkedEvents: 0 }]);
});
