import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { startTestServer } from './server.js';

const { url, send, command, get } = await startTestServer();

const captured = async () => {
  const leadId = randomUUID();
  await command('CaptureLead', { leadId, profile: { name: '李雷' } });
  return leadId;
};
const tally = (values: readonly unknown[]) =>
  Object.fromEntries(
    [...new Set(values)].map((value) => [String(value), values.filter((one) => one === value).length]),
  );

describe('one winner', () => {
  test('fifty employees claim one lead at once: one owns it, the others learn who', async () => {
    const leadId = await captured();
    const claims = await Promise.all(
      Array.from({ length: 50 }, () => command('ClaimLead', { leadId }, { 'x-actor': randomUUID() })),
    );
    expect(tally(claims.map(({ body }) => body['code'] ?? 'claimed'))).toEqual({
      claimed: 1,
      LEAD_ALREADY_CLAIMED: 49,
    });
  });

  test('one command id sent fifty times at once: one event, fifty equal answers', async () => {
    const leadId = await captured();
    const id = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => command('ClaimLead', { leadId }, { 'idempotency-key': id })),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ revision: 1, events: ['LeadClaimed'] });
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
  });

  test('a command id used for something else is refused', async () => {
    const leadId = await captured();
    const id = randomUUID();
    await command('ClaimLead', { leadId }, { 'idempotency-key': id });
    const other = await command('ReturnLead', { leadId, reasonCode: 'no_need' }, { 'idempotency-key': id });
    expect(other).toMatchObject({ status: 409, body: { code: 'COMMAND_ID_REUSED' } });
  });

  test('If-Match is the caller’s own lock', async () => {
    const leadId = await captured();
    const late = await command('ClaimLead', { leadId }, { 'if-match': '"7"' });
    expect(late).toMatchObject({ status: 412, body: { code: 'REVISION_MISMATCH' } });
    expect((await command('ClaimLead', { leadId }, { 'if-match': '"0"' })).status).toBe(200);
  });
});

describe('bad input', () => {
  const leadId = '11111111-1111-4111-8111-111111111111';
  const raw = (body: string, headers: Readonly<Record<string, string>> = {}) =>
    send('/commands/CaptureLead', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-actor': 'tester', ...headers },
      body,
    });
  const field = (answer: { body: Readonly<Record<string, unknown>> }) => answer.body['errors'];

  test('an unknown command', async () =>
    expect(await command('ClaimLeed', {})).toMatchObject({ status: 404, body: { code: 'UNKNOWN_COMMAND' } }));
  test('a missing field', async () =>
    expect(field(await command('CaptureLead', {}))).toEqual([{ field: 'leadId', problem: 'leadId must be a UUID' }]));
  test('a wrong type', async () =>
    expect(field(await command('CaptureLead', { leadId, source: 7 }))).toMatchObject([{ field: 'source' }]));
  test('an unknown field', async () =>
    expect(field(await command('CaptureLead', { leadId, colour: 'red' }))).toEqual([
      { field: 'colour', problem: 'no such field' },
    ]));
  test('a wrong field inside a part', async () =>
    expect(field(await command('CaptureLead', { leadId, profile: { email: 'nobody' } }))).toMatchObject([
      { field: 'profile.email' },
    ]));
  test('malformed JSON', async () => expect(await raw('{"leadId":')).toMatchObject({ status: 400 }));
  test('a body that is no object', async () =>
    expect(await raw('[1]')).toMatchObject({ status: 400, body: { code: 'INVALID_COMMAND' } }));
  test('a huge body', async () =>
    expect(await raw(JSON.stringify({ leadId, source: 'x'.repeat(2_000_000) }))).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE' },
    }));
  test('another media type', async () =>
    expect(await raw('leadId=1', { 'content-type': 'text/yaml' })).toMatchObject({
      status: 415,
    }));
  test('nobody who does it', async () =>
    expect(field(await raw(JSON.stringify({ leadId }), { 'x-actor': '' }))).toMatchObject([{ field: 'x-actor' }]));
  test('a back-dated command of a human', async () =>
    expect(field(await command('CaptureLead', { leadId, occurredAt: '2020-01-01T00:00:00.000Z' }))).toEqual([
      { field: 'occurredAt', problem: 'only imports and simulations may set it' },
    ]));
  test('nothing of all that was written, and the server lives', async () => {
    expect(await command('ClaimLead', { leadId })).toMatchObject({ status: 409, body: { code: 'LEAD_UNKNOWN' } });
    expect((await get('/health/live')).status).toBe(200);
  });
});

test('NDJSON: each line stands for itself', async () => {
  const leadId = randomUUID();
  const lines = [
    JSON.stringify({ command: 'CaptureLead', id: 'a', fields: { leadId } }),
    '{"command":',
    JSON.stringify({ command: 'ClaimLead', id: 'b', fields: { leadId: 'x' } }),
    JSON.stringify({ command: 'CaptureLead', id: 'a', fields: { leadId } }),
  ];
  const response = await fetch(`${url}/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'x-actor': 'tester' },
    body: lines.join('\n'),
  });
  const text = await response.text();
  const outcomes: unknown[] = text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(outcomes).toMatchObject([
    { line: 1, outcome: 'accepted', events: ['LeadCaptured'] },
    { line: 2, outcome: 'rejected', problem: { code: 'INVALID_COMMAND' } },
    { line: 3, outcome: 'rejected', problem: { errors: [{ field: 'leadId' }] } },
    { line: 4, outcome: 'duplicate', revision: 0 },
  ]);
});

test('the API page lists every command', async () => {
  const { body } = await get('/api-json');
  expect(Object.keys(z.record(z.string(), z.unknown()).parse(body['paths']))).toEqual(
    expect.arrayContaining(['/commands/ClaimLead', '/commands']),
  );
});
