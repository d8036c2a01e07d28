import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { eventually, until } from '../read-store/rig.js';
import { rowsOf, startTestServer } from './server.js';

const server = await startTestServer();
const { command, get, eventStoreUrl, databaseUrl, namespace, masterKey } = server;

/** What the program printed, and with which code it ended. */
const taizhang = (...words: readonly string[]) => taizhangWith({}, ...words);
const taizhangWith = (
  variables: NodeJS.ProcessEnv,
  ...words: readonly string[]
): Promise<{ code: number | string; out: string; err: string }> =>
  new Promise((resolve) => {
    const stores = {
      EVENTSTORE_URL: eventStoreUrl,
      DATABASE_URL: databaseUrl,
      NAMESPACE: namespace,
      MASTER_KEY: masterKey,
      // Where CI is set, colours would be printed into a pipe as well.
      NO_COLOR: '1',
    };
    const env = { ...process.env, ...stores, ...variables };
    execFile(process.execPath, ['dist/apps/cli/main.js', ...words], { env }, (error, out, err) => {
      resolve({ code: error?.code ?? 0, out, err });
    });
  });

const customerId = randomUUID();
const stream = `customer-${customerId}`;
await command('RegisterCustomer', { customerId, profile: { legalName: '李雷商贸', phone: 'A' } });
const { body } = await command('CorrectCustomerProfile', {
  customerId,
  profile: { phone: 'B' },
  reason: { code: 'moved' },
});
await get(`/customers/${customerId}?after=${String(body['position'])}`);

test('a report is printed as the door tells it, as a table and as JSON', async () => {
  const door = await get('/reports/customer-as-of?' + new URLSearchParams({ customer: customerId }).toString());
  const asked = ['report', 'customer-as-of', `customer=${customerId}`];
  expect(JSON.parse((await taizhang(...asked, '--json')).out)).toEqual(door.body['rows']);
  expect((await taizhang(...asked, 'after=9000000000000000000', 'wait=1')).err).toMatch(
    /^customer_history had not reached 9000000000000000000 after 1 ms\n$/,
  );
  expect((await taizhang(...asked, `after=${String(body['position'])}`)).out).toMatch(/legalName +│ 李雷商贸/);
  expect((await taizhang('report')).out).toContain('lead-funnel');
});

test('a history is printed whole, and so are the events behind it', async () => {
  expect((await taizhang('history', customerId)).out).toMatch(/phone +│ A +│ B/);
  const { out } = await taizhang('streams', 'read', stream);
  expect(out).toMatch(/^0 {2}\S+ {2}CustomerRegistered {2}by .*\n.*李雷商贸.*\n1 {2}\S+ {2}CustomerProfileCorrected/);
  const lines = (await taizhang('streams', 'read', stream, '--from', '1', '--json')).out.trim().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ event: { revision: '1', stream } }]);
});

test('policies are shown with what became of their commands, and what they failed on with its reason', async () => {
  await rowsOf(
    server,
    `insert into ${namespace}_policies.parked_events
    (policy, stream, revision, event_id, event_type, reason)
    values ('carry-out-erasures', 'subject-1', 7, 'e', 'ErasureRequested', 'TypeError at erase (here.js:1:2)')`,
  );
  // They may still be reading what the tests before wrote.
  await eventually(async () => {
    const { code, out } = await taizhang('policies', 'status');
    expect([code, out]).toEqual([0, expect.stringMatching(/│ carry-out-erasures +│ +nothing │.*│ +1 │/)]);
    expect(out).toContain('subject-1@7');
    expect(out).toContain('TypeError at erase (here.js:1:2)');
  });
});

test('what a policy failed on is reacted to again when somebody asks for it', async () => {
  const parked = () => rowsOf(server, `select stream from ${namespace}_policies.parked_events order by stream`);
  // A lead of which nothing was noted, as if its policy had failed on it.
  const leadId = randomUUID();
  await command('CaptureLead', { leadId });
  await rowsOf(
    server,
    `insert into ${namespace}_policies.parked_events (policy, stream, revision, event_id, event_type, reason)
     values ('suspect-doubles', 'lead-${leadId}', 0, 'e', 'LeadCaptured', 'TypeError at suspect (here.js:1:2)')`,
  );
  const retry = (...words: readonly string[]) => taizhang('policies', 'retry', ...words);
  expect(await retry('suspect-doubles', `lead-${leadId}`, '--reason', 'mended')).toEqual({
    ...{ code: 0, err: '' },
    out: expect.stringMatching(/^1 reaction will be tried again by the server that runs suspect-doubles/),
  });
  // What was parked for another policy stays.
  await until(async () => (await parked()).every(({ stream }) => stream === 'subject-1'));
  expect((await retry('suspect-doubles', '--reason', 'mended')).out).toBe('Nothing of suspect-doubles is parked.\n');
  expect(await parked()).toHaveLength(1);
  expect(await retry('weather', '--reason', 'mended')).toEqual({
    ...{ code: 1, out: '' },
    err: expect.stringMatching(/^There is no policy weather: .*suspect-doubles/),
  });
});

test('a version that readers do not see is dropped by its name, and what is asked for by mistake is told', async () => {
  const [{ shown } = {}] = await rowsOf(
    server,
    `select schema_name as shown from ${namespace}_read_store.versions where projection = 'roi' and state = 'living'`,
  );
  const built = /built (\S+)/.exec((await taizhang('projections', 'rebuild', 'roi')).out)?.[1];
  const projections = (...words: readonly string[]) => taizhang('projections', ...words);
  expect(await projections('drop', String(built))).toEqual({ code: 0, out: `dropped ${String(built)}\n`, err: '' });
  expect(await projections('drop', String(shown))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^Readers see/),
  });
  expect(await projections('skip', 'roi', 'lead-1', '--reason', ' ')).toMatchObject({
    ...{ code: 1, out: '' },
    err: expect.stringContaining('Say why: it is kept.'),
  });
  expect(await projections('unskip', 'roi', 'lead-1')).toEqual({
    ...{ code: 1, out: '' },
    err: 'Nothing of lead-1 is skipped in roi\n',
  });
});

test('whoever only looks changes nothing, not even with another reporting zone', async () => {
  const surface = () =>
    rowsOf(
      server,
      `select (select jsonb_agg(version order by schema_name) from (
           select schema_name, state, analytics, place from ${namespace}_read_store.versions) as version) as versions,
         (select fingerprint from ${namespace}_read_store.surface) as shown,
         ${namespace}_analytics.reporting_zone() as zone`,
    );
  const before = await surface();
  const elsewhere = { REPORTING_ZONE: 'Asia/Shanghai' };
  for (const looking of ['projections status', 'report lead-funnel'])
    expect(await taizhangWith(elsewhere, ...looking.split(' '))).toMatchObject({ code: 0 });
  expect(await surface()).toEqual(before);
});

test('where no server has ever run, whoever looks is told so, and nothing is made there', async () => {
  for (const looking of ['projections status', 'keys status'])
    expect(await taizhangWith({ NAMESPACE: 'nobody' }, ...looking.split(' '))).toEqual({
      ...{ code: 1, out: '' },
      err: expect.stringMatching(/^No server has ever run here: this database has no schema nobody_.*`taizhang start`/),
    });
  expect(await rowsOf(server, `select nspname from pg_namespace where nspname like 'nobody%'`)).toEqual([]);
});

test('a question that cannot be answered says why in one line', async () => {
  expect(await taizhang('report', 'weather')).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/no report weather/),
  });
  expect((await taizhang('report', 'lead-funnel', 'by=moon')).err).toMatch(/^lead-funnel: by: .*\n$/);
  expect((await taizhang('report', 'lead-funnel', 'moon')).err).toMatch(/Expected name=value/);
  expect((await taizhang('streams', 'read', 'lead-none')).err).toMatch(/^there is no event in the stream lead-none/);
});

test.each([
  [['--json', '/nope/out.json'], /^--json \/nope\/out\.json: there is no folder \/nope in which .*\n$/],
  [['--json', '.'], /^--json \.: is a folder; name a file\n$/],
  [['--data', '/nope'], /^There is no file or folder \/nope\n$/],
])('a demo that could not end says so before it starts anything: %j', async (flags, message) => {
  expect(await taizhang('demo', '--exit', ...flags)).toEqual({ code: 1, out: '', err: expect.stringMatching(message) });
});
