import { expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { startTestServer } from './server.js';

const { url, command, get } = await startTestServer();
const Fields = z.array(z.looseObject({ field: z.string(), value: z.string().nullable() }));
const Revisions = z.array(z.looseObject({ revision: z.number(), occurred_at: z.string() }));
const after = (answer: { body: Readonly<Record<string, unknown>> }) => `after=${String(answer.body['position'])}`;

test('a waiting read sees the write that it waits for', async () => {
  const before = await get('/reports/lead-funnel');
  const captured = await command('CaptureLead', { leadId: randomUUID(), source: 'fair' });
  const seen = await get(`/reports/lead-funnel?by=source&${after(captured)}`);
  expect(before.body['rows']).toEqual([]);
  expect(seen.body['rows']).toMatchObject([{ key: 'fair', captured: 1, owned: 0 }]);
});

test('a waiting read that waits in vain says so', async () => {
  const answer = await get('/reports/lead-funnel?after=9000000000000000000&wait=50');
  expect(answer).toMatchObject({ status: 503, body: { code: 'READ_MODEL_BEHIND' } });
  expect(answer.headers.get('retry-after')).toBe('1');
  const live = await get('/reports/lead-funnel/live?after=9000000000000000000&wait=50');
  expect(live).toMatchObject({ status: 503, body: { code: 'READ_MODEL_BEHIND' } });
});

test('an unknown report and a bad parameter are named', async () => {
  expect(await get('/reports/funel')).toMatchObject({ status: 404, body: { code: 'UNKNOWN_REPORT' } });
  expect(await get('/reports/lead-funnel?by=colour&as_of=yesterday&x=1')).toMatchObject({
    status: 400,
    body: { code: 'INVALID_PARAMETERS', errors: expect.arrayContaining([expect.objectContaining({ field: 'as_of' })]) },
  });
});

test.each([
  ['/reports/lead-funnel?as_of=2026-02-30', ['as_of']],
  ['/reports/lead-funnel?known_at=2017-13-01T00:00:00Z', ['known_at']],
  ['/reports/lead-funnel/live?as_of=0000-01-01', ['as_of']],
  ['/reports/lead-funnel?captured_from=0000-01-01&colour=red', ['captured_from', 'colour']],
  ['/reports/lead-funnel-rows?key=a%00b', ['key']],
  ['/customers/a%00b', ['customer']],
  [`/customers/${randomUUID()}?revision=x`, ['revision']],
  [`/customers/${randomUUID()}?revision=`, ['revision']],
  ['/reports/lead-funnel?wait=%20', ['wait']],
  [`/customers/${randomUUID()}?revision=1&as_of=2026-01-01`, ['revision']],
  [`/customers/${randomUUID()}?customer=other`, ['customer']],
  [`/customers/${randomUUID()}/diff?from=1`, ['to']],
])('%s names what is wrong: %j', async (path, fields) => {
  const { status, body } = await get(path);
  const named = z.array(z.object({ field: z.string() })).parse(body['errors']);
  expect([status, body['code'], named.map(({ field }) => field).sort()]).toEqual([400, 'INVALID_PARAMETERS', fields]);
});

test('a live report follows a claim', async () => {
  const leadId = randomUUID();
  await command('CaptureLead', { leadId, source: 'live' });
  const stop = new AbortController();
  const live = await fetch(`${url}/reports/lead-funnel/live?by=source`, { signal: stop.signal });
  const decoder = new TextDecoder();
  let text = '';
  let claimed = false;
  for await (const chunk of live.body ?? []) {
    text += decoder.decode(Buffer.from(z.instanceof(Uint8Array).parse(chunk)), { stream: true });
    if (!claimed && /"key":"live"[^}]*"owned":0/.test(text)) {
      claimed = true;
      await command('ClaimLead', { leadId, claimantId: randomUUID() });
    }
    if (/"key":"live"[^}]*"owned":1/.test(text)) break;
  }
  stop.abort();
  expect(claimed).toBe(true);
});

test('a customer’s history tells every revision, also A→B→A in one second', async () => {
  const customerId = randomUUID();
  const wang = { 'x-actor': 'wang', 'x-actor-name': encodeURIComponent('王芳') };
  const phone = (value: string, code: string) =>
    command('CorrectCustomerProfile', { customerId, profile: { phone: value }, reason: { code, text: '电话' } }, wang);
  await command('RegisterCustomer', { customerId, profile: { legalName: '李雷商贸', phone: 'A' } }, wang);
  await phone('B', 'moved');
  const last = await phone('A', 'moved_back');

  const { body } = await get(`/customers/${customerId}/revisions?${after(last)}`);
  const revisions: unknown = body['revisions'];
  expect(revisions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ revision: 0, field: 'legalName', old_value: null, new_value: '李雷商贸' }),
      expect.objectContaining({
        revision: 1,
        field: 'phone',
        old_value: 'A',
        new_value: 'B',
        actor_id: 'wang',
        actor_name: '王芳',
        reason_code: 'moved',
        reason_text: '电话',
      }),
      expect.objectContaining({
        revision: 2,
        field: 'phone',
        old_value: 'B',
        new_value: 'A',
        reason_code: 'moved_back',
      }),
    ]),
  );

  const phoneAt = async (query: string) => {
    const record = await get(`/customers/${customerId}?${query}`);
    return Fields.parse(record.body['fields']).find(({ field }) => field === 'phone')?.value;
  };
  expect([await phoneAt('revision=0'), await phoneAt('revision=1'), await phoneAt('revision=2')]).toEqual([
    'A',
    'B',
    'A',
  ]);
  const moved = Revisions.parse(revisions).find(({ revision }) => revision === 1);
  expect(await phoneAt(`as_of=${moved?.occurred_at ?? ''}`)).toBe('B');
  expect(await phoneAt('')).toBe('A');
  expect((await get(`/customers/${customerId}?as_of=2020-01-01`)).status).toBe(404);

  const diff = await get(`/customers/${customerId}/diff?from=0&to=1`);
  expect(diff.body['changes']).toMatchObject([{ field: 'phone', before: 'A', after: 'B' }]);

  const unknown = {
    status: 404,
    body: { code: 'UNKNOWN_REVISION', detail: expect.stringContaining('the newest is 2') },
  };
  expect(await get(`/customers/${customerId}?revision=3`)).toMatchObject(unknown);
  expect(await get(`/customers/${customerId}/diff?from=0&to=3`)).toMatchObject(unknown);
});
