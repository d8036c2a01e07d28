import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from '@jest/globals';
import { startServerOf, testTenant } from './server.js';

const tenant = await testTenant();
const one = await startServerOf(tenant, { ROLES: 'api' });
const two = await startServerOf(tenant, { ROLES: 'api' });
const doomed = await startServerOf(tenant, { ROLES: 'api' });

let leadId: string;
const correct = (door: typeof one, name: string, id = randomUUID()) =>
  door.command('CorrectLeadProfile', { leadId, profile: { name } }, { 'idempotency-key': id });

beforeEach(async () => {
  leadId = randomUUID();
  await one.command('CaptureLead', { leadId });
});

test('a retry at a door that remembers an older state gets the first answer, and that door remembers what is stored', async () => {
  expect((await correct(two, '李雷')).body).toMatchObject({ revision: 1 });
  const id = randomUUID();
  const first = await correct(one, '韩梅梅', id);
  expect(first.body).toMatchObject({ revision: 2 });
  const again = await correct(two, '韩梅梅', id);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  // Had the second door cached what it decided itself, it would be a revision ahead, or think that nothing changes.
  expect((await correct(two, '韩梅梅')).body).toMatchObject({ revision: 2, events: [] });
  expect((await correct(two, '李雷')).body).toMatchObject({ revision: 3, events: ['LeadProfileCorrected'] });
});

test('one id at both doors at once: one event, equal answers, one of them the first', async () => {
  await correct(two, '李雷');
  const id = randomUUID();
  const attempts = Array.from({ length: 20 }, (_, nth) => correct(nth % 2 === 0 ? one : two, '韩梅梅', id));
  const answers = await Promise.all(attempts);
  expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
  expect(answers[0]?.body).toMatchObject({ revision: 2, events: ['LeadProfileCorrected'] });
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
});

test('two doors number new leads while a third is killed: no number is given twice, and a retry answers the first', async () => {
  const capture = (door: typeof one, id: string) =>
    door.command('CaptureLead', { leadId: id }, { 'idempotency-key': id });
  const captureAll = (ids: readonly string[]) =>
    Promise.all(ids.map((id, nth) => capture(nth % 2 === 0 ? one : doomed, id).catch(() => undefined)));
  const ids = Array.from({ length: 300 }, () => randomUUID());
  const before = await captureAll(ids.slice(0, 150));
  const meanwhile = captureAll(ids.slice(150));
  await doomed.kill();
  const answers = [...before, ...(await meanwhile)].map((answer) => answer?.body['numbers']);

  const again = (await Promise.all(ids.map((id) => capture(two, id)))).map(({ body }) => body['numbers']);
  expect(new Set(again.map((numbers) => JSON.stringify(numbers))).size).toBe(ids.length);
  for (const [nth, numbers] of again.entries()) {
    expect(numbers).toEqual({ leadNumber: expect.stringMatching(/^L-\d{8}-\d{6}$/) });
    if (answers[nth] !== undefined) expect(numbers).toEqual(answers[nth]);
  }
});

test('a number that looks as if it were given here cannot be chosen', async () => {
  const chosen = await one.command('CaptureLead', { leadId: randomUUID(), leadNumber: 'L-20261121-000001' });
  expect(chosen).toMatchObject({ status: 400, body: { code: 'INVALID_COMMAND' } });
});
