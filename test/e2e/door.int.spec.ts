import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import SwaggerParser from '@apidevtools/swagger-parser';
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

  test('a command id that another actor has used is refused: nobody is told that they own what somebody else has claimed', async () => {
    const leadId = await captured();
    const claim = (actor: string) => command('ClaimLead', { leadId }, { 'idempotency-key': 'claim', 'x-actor': actor });
    const [first, second] = [randomUUID(), randomUUID()];
    expect((await claim(first)).status).toBe(200);
    expect(await claim(second)).toMatchObject({ status: 409, body: { code: 'COMMAND_ID_REUSED' } });
    expect((await claim(first)).headers.get('idempotent-replayed')).toBe('true');
  });

  test('If-Match is the caller’s own lock', async () => {
    const leadId = await captured();
    const late = await command('ClaimLead', { leadId }, { 'if-match': '"7"' });
    expect(late).toMatchObject({ status: 412, body: { code: 'REVISION_MISMATCH' } });
    expect((await command('ClaimLead', { leadId }, { 'if-match': '"0"' })).status).toBe(200);
  });
});

test('an id is one however it is spelt: nobody claims a lead twice', async () => {
  const leadId = (await captured()).replace(/^./, 'a');
  await command('CaptureLead', { leadId });
  expect((await command('ClaimLead', { leadId: leadId.toUpperCase() })).body).toMatchObject({ revision: 1 });
  expect((await command('ClaimLead', { leadId }, { 'x-actor': randomUUID() })).body['code']).toBe(
    'LEAD_ALREADY_CLAIMED',
  );
});

test('an employee is one however the header spells them', async () => {
  const [leadId, employee] = [await captured(), 'e0000000-0000-4000-8000-00000000000a'];
  const claim = (actor: string) => command('ClaimLead', { leadId }, { 'x-actor': actor });
  expect((await claim(employee.toUpperCase())).body).toMatchObject({ events: ['LeadClaimed'] });
  expect((await claim(employee)).body).toMatchObject({ events: [] });
});

describe('bad input', () => {
  const leadId = '11111111-1111-4111-8111-111111111111';
  const raw = (body: string | Buffer<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
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
  test('blanks in the place of a text', async () => {
    expect(field(await command('HireEmployee', { employeeId: leadId, name: '   ' }))).toMatchObject([
      { field: 'name', problem: 'name must not be blank' },
    ]);
    expect(field(await command('CaptureLead', { leadId, reason: { code: 'other', text: '\u3000' } }))).toMatchObject([
      { field: 'reason.text' },
    ]);
    const revision = { customerId: leadId, proposalId: leadId, field: 'legalName', value: ' ', basedOnRevision: 0 };
    expect(field(await command('ProposeKeyFieldRevision', revision))).toMatchObject([{ field: 'value' }]);
  });
  test('a wrong field inside a part', async () =>
    expect(field(await command('CaptureLead', { leadId, profile: { email: 'nobody' } }))).toMatchObject([
      { field: 'profile.email' },
    ]));
  test('malformed JSON', async () => expect(await raw('{"leadId":')).toMatchObject({ status: 400 }));
  test('text that no store can keep', async () => {
    expect(field(await command('CaptureLead', { leadId, profile: { name: 'a\0b' } }))).toMatchObject([
      { field: 'profile.name', problem: expect.stringContaining('NUL') },
    ]);
    expect(field(await raw(`{"leadId":"${leadId}","source":"\\ud83d"}`))).toMatchObject([{ field: 'source' }]);
    expect(field(await command('CaptureLead', { leadId }, { 'x-actor-name': 'a%00b' }))).toMatchObject([
      { field: 'X-Actor-Name' },
    ]);
    const noText = Buffer.concat([
      Buffer.from(`{"leadId":"${leadId}","source":"`),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    expect(await raw(noText)).toMatchObject({ status: 400, body: { detail: expect.stringContaining('UTF-8') } });
  });
  test('a moment and a currency that there are not', async () => {
    const importing = { 'x-actor-kind': 'import' };
    expect(
      field(await command('CaptureLead', { leadId, occurredAt: '2017-02-30T00:00:00Z' }, importing)),
    ).toMatchObject([{ field: 'occurredAt' }]);
    const amount = { amount: 1, currency: 'XQZ' };
    expect(
      field(
        await command('BookCampaignCost', {
          campaignId: leadId,
          costId: leadId,
          amount,
          bookedFor: '2026-01-01',
          kind: 'media',
        }),
      ),
    ).toEqual(expect.arrayContaining([expect.objectContaining({ field: 'amount.currency' })]));
  });
  test('a weak If-Match, which promises nothing', async () =>
    expect(field(await command('CaptureLead', { leadId }, { 'if-match': 'W/"0"' }))).toMatchObject([
      { field: 'If-Match' },
    ]));
  test.each(['constructor', 'toString', 'issuedBy'])(
    'an unknown field called %s, as every object has it',
    async (name) => {
      const problem = 'no such field';
      expect(field(await command('CaptureLead', { leadId, [name]: 1 }))).toEqual([{ field: name, problem }]);
    },
  );
  test('a known name of all objects inside a part', async () =>
    expect(field(await command('CaptureLead', { leadId, profile: { valueOf: 1 } }))).toMatchObject([
      { field: 'profile.valueOf' },
    ]));
  test('parts within parts without end', async () =>
    expect(await raw(`{"leadId":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'leadId', problem: expect.stringContaining('nested') }] },
    }));
  test('an amount that no sum could carry', async () => {
    const amount = { amount: Number.MAX_SAFE_INTEGER, currency: 'CNY' };
    expect(field(await command('PlanCampaign', { campaignId: leadId, name: 'a', budget: amount }))).toMatchObject([
      { field: 'budget.amount' },
    ]);
  });
  test('one JSON command at the door for many', async () =>
    expect(
      await send('/commands', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-actor': 'tester' },
        body: '{"command":"CaptureLead"}',
      }),
    ).toMatchObject({ status: 415, body: { detail: expect.stringContaining('application/x-ndjson') } }));
  test('an address that is none', async () =>
    expect(await get('/customers/%ff')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } }));
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
    JSON.stringify({ command: 'CaptureLead', id: 'a\0', fields: { leadId, source: 'line\u2028separator' } }),
    JSON.stringify({
      command: 'CaptureLead',
      fields: { leadId: randomUUID(), source: 'line\u2028separator' },
      colour: 1,
    }),
    JSON.stringify({ command: 'CaptureLead', fields: { leadId: randomUUID(), source: 'line\u2028separator' } }),
    '\xff',
  ];
  const response = await fetch(`${url}/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'x-actor': 'tester' },
    body: Buffer.concat(lines.map((line) => Buffer.from(`${line}\n`, line === '\xff' ? 'latin1' : 'utf8'))),
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
    { line: 5, outcome: 'rejected', problem: { errors: [{ field: 'id' }] } },
    { line: 6, outcome: 'rejected', problem: { errors: [{ field: 'colour' }] } },
    { line: 7, outcome: 'accepted' },
    { line: 8, outcome: 'rejected', problem: { errors: [{ field: 'line', problem: 'is not UTF-8' }] } },
  ]);
});

describe('the API page', () => {
  test('lists every command and question', async () => {
    const { body } = await get('/api-json');
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(body['paths']))).toEqual(
      expect.arrayContaining(['/commands/ClaimLead', '/commands', '/reports/lead-funnel', '/customers/{id}/diff']),
    );
  });

  test('is a valid OpenAPI document, and every parameter has a type', async () => {
    const Parameter = z.looseObject({
      name: z.string(),
      schema: z.looseObject({ type: z.string() }).or(z.looseObject({ anyOf: z.array(z.unknown()) })),
    });
    const Question = z.looseObject({ parameters: z.array(Parameter).optional() });
    const document = await SwaggerParser.validate(`${url}/api-json`, {
      resolve: { http: { safeUrlResolver: false } },
    });
    z.record(z.string(), z.looseObject({ get: Question.optional() })).parse(document.paths);
  });

  test('tells whole numbers, days and what may be cleared', async () => {
    const { body } = await get('/api-json');
    expect(body['components']).toMatchObject({
      schemas: {
        ReviseCampaign: { properties: { startsOn: { type: 'string', format: 'date', nullable: true } } },
        NonNegativeAmount: {
          properties: { amount: { type: 'integer', minimum: 0 }, currency: { pattern: '^[A-Z]{3}$' } },
        },
        CaptureLead: {
          required: ['leadId'],
          properties: { leadId: { format: 'uuid' }, occurredAt: { format: 'date-time' } },
        },
      },
    });
  });
});
