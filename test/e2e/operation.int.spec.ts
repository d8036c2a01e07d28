import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { EventStoreDB } from '#event-store';
import { eventually, until } from '../read-store/rig.js';
import { rowsOf, startTestServer } from './server.js';

const server = await startTestServer();
const { url, namespace, command, get, figure } = server;
const rows = (query: string) => rowsOf(server, query);
const metrics = async () => (await fetch(`${url}/metrics`)).text();

test('commands are counted by outcome, and appends and batches are timed', async () => {
  const leadId = randomUUID();
  await command('CaptureLead', { leadId, source: 'fair' });
  await command('ClaimLead', { leadId, claimantId: randomUUID() });
  await command('ClaimLead', { leadId, claimantId: randomUUID() });
  await command('CaptureLead', { leadId: 7 });
  expect(await figure('taizhang_commands_total{command="CaptureLead",outcome="done"}')).toBe(1);
  expect(await figure('taizhang_commands_total{command="CaptureLead",outcome="invalid"}')).toBe(1);
  expect(await figure('taizhang_commands_total{command="ClaimLead",outcome="refused"}')).toBe(1);
  expect(await figure('taizhang_command_duration_seconds_count{command="ClaimLead"}')).toBe(2);
  // The third is the block of numbers from which the lead has its own.
  expect(await figure('taizhang_append_duration_seconds_count')).toBe(3);
  await until(async () => ((await figure('taizhang_projection_deliveries_total{work="follow"}')) ?? 0) >= 2);
});

test('health is ok while all projections are fed and nothing is behind', async () => {
  await eventually(async () => {
    const { body } = await get('/health');
    expect(body).toMatchObject({ status: 'ok', postgres: 'ok', eventStore: 'ok', reader: 'live', reasons: [] });
    expect(body['projections']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'lead_funnel', lagEvents: 0, lagSeconds: 0, parkedStreams: 0 }),
      ]),
    );
    expect(await get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok', reasons: [] } });
    expect(await figure('taizhang_projection_lag_events{projection="lead_funnel"}')).toBe(0);
    expect(await figure('taizhang_projection_reader{state="live"}')).toBe(1);
    expect(await figure('taizhang_store_up{store="event store"}')).toBe(1);
  });
});

test('events that this release does not know are told with their type', async () => {
  const store = new EventStoreDB(server.eventStoreUrl);
  await store.append(`${namespace}_lead-${randomUUID()}`, 'no_stream', [
    { id: randomUUID(), type: 'LeadDreamtOf', data: {}, metadata: {} },
  ]);
  await store.close();
  // Every reader of the process counts what it passes by.
  await until(async () => ((await figure('taizhang_unknown_events{type="LeadDreamtOf"}')) ?? 0) >= 1);
  expect((await get('/health')).body['unknownEvents']).toEqual({ LeadDreamtOf: expect.any(Number) });
});

test('a parked stream degrades health, which tells what to do, until it is resolved', async () => {
  const letters = `${namespace}_read_store.dead_letters`;
  await rows(`insert into ${letters} (schema_name, stream, revision, event_id, event_type, commit, fault, reason)
    select schema_name, 'lead-1', 0, 'e', 'LeadCaptured', 1, 'apply', 'No attic here'
    from ${namespace}_read_store.versions where projection = 'lead_funnel' and state = 'living'`);
  await eventually(async () => {
    const { status, body } = await get('/health');
    const reasons = [expect.stringMatching(/lead_funnel has 1 parked stream.*status/)];
    expect([status, body['status'], body['reasons']]).toEqual([200, 'degraded', reasons]);
  });
  expect(await metrics()).toMatch(/taizhang_projection_parked_streams\{projection="lead_funnel",[^}]*\} 1\n/);
  await rows(`update ${letters} set resolution = 'skipped'`);
  await until(async () => (await get('/health')).body['status'] === 'ok');
});

test('what a policy failed on degrades health, as does a policy that nobody runs', async () => {
  const schema = `${namespace}_policies`;
  await rows(`insert into ${schema}.parked_events (policy, stream, revision, event_id, event_type, reason)
    values ('carry-out-erasures', 'subject-1', 0, 'e', 'ErasureRequested', 'Error at nowhere')`);
  await rows(`update ${schema}.policies set epoch = epoch + 1, holder = 'a host that died', held_until = 'infinity'
    where name = 'keep-portfolios-true'`);
  await command('CaptureLead', { leadId: randomUUID() });
  await eventually(async () => {
    expect((await get('/health')).body).toMatchObject({
      status: 'degraded',
      policies: expect.arrayContaining([
        expect.objectContaining({ name: 'carry-out-erasures', lagEvents: 0, parkedEvents: 1 }),
        expect.objectContaining({ name: 'keep-portfolios-true', lagEvents: 1, runBy: 'a host that died' }),
      ]),
      reasons: [expect.stringMatching(/^carry-out-erasures failed on 1 event or deadline: see `taizhang policies/)],
    });
    expect(await figure('taizhang_policy_parked_events{policy="carry-out-erasures"}')).toBe(1);
    expect(await figure('taizhang_policy_lag_events{policy="keep-portfolios-true"}')).toBe(1);
  });
  await rows(`delete from ${schema}.parked_events`);
  await rows(`update ${schema}.policies set held_until = now() - interval '1 second'`);
  await until(async () => (await get('/health')).body['status'] === 'ok');
});

test('a waiting read waits for what its report reads, and not for a projection that is stuck', async () => {
  const versions = `${namespace}_read_store.versions`;
  await rows(`update ${versions} set epoch = epoch + 1, holder = 'a host that died', held_until = 'infinity'
    where projection = 'roi'`);
  const { body } = await command('CaptureLead', { leadId: randomUUID() });
  const after = `after=${String(body['position'])}`;
  expect((await get(`/reports/lead-funnel?${after}`)).status).toBe(200);
  const stuck = await get(`/reports/roi?${after}&wait=50`);
  expect(stuck).toMatchObject({ status: 503, body: { projections: expect.arrayContaining(['roi']) } });
  await rows(`update ${versions} set held_until = now() - interval '1 second' where projection = 'roi'`);
  await until(async () => (await get('/health')).body['status'] === 'ok');
});

test('while nobody feeds the projections, lag is counted in events and seconds, and waiting reads say so', async () => {
  const versions = `${namespace}_read_store.versions`;
  await rows(`update ${versions} set epoch = epoch + 1, holder = 'a host that died', held_until = 'infinity'`);
  const lost = await command('CaptureLead', { leadId: randomUUID() });
  await command('CaptureLead', { leadId: randomUUID() });
  await until(async () => (await figure('taizhang_projection_lag_events{projection="lead_funnel"}')) === 2);
  await until(async () => ((await figure('taizhang_projection_lag_seconds{projection="lead_funnel"}')) ?? 0) > 0);
  const read = await get(`/reports/lead-funnel?after=${String(lost.body['position'])}&wait=50`);
  expect(read).toMatchObject({
    status: 503,
    body: { code: 'READ_MODEL_BEHIND', projections: expect.arrayContaining(['lead_funnel']) },
  });

  await rows(`update ${versions} set held_until = now() - interval '1 second'`);
  await until(async () => (await figure('taizhang_projection_lag_events{projection="lead_funnel"}')) === 0);
  await until(async () => (await get('/health')).body['status'] === 'ok');
  expect((await get(`/reports/lead-funnel?after=${String(lost.body['position'])}`)).status).toBe(200);
});
