import { afterAll, expect, test } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { RequestErasure } from '#crm/audit-privacy/data-subject/data-subject.commands';
import { CorrectCustomerProfile, RegisterCustomer } from '#crm/customer-record/customer/customer.commands';
import { CaptureLead, CorrectLeadProfile, DisqualifyLead } from '#crm/high-sea/lead/lead.commands';
import { ReserveIdentity } from '#crm/customer-record/identity/identity.commands';
import type { IdentityEvent } from '#crm/customer-record/identity/identity.events';
import { LocalMasterKeys } from '#event-store';
import type { RecordedEvent } from '#kernel';
import { VirtualClock } from '#policies';
import { readConfiguration } from '../../apps/server/configuration.js';
import { Company } from '../simulation/company.js';
import { NOW } from '../spec.js';
import { testStack } from '../stack/index.js';

/** Closed before the database goes, which is registered later. */
const open: Company[] = [];
afterAll(() => Promise.all(open.map((company) => company.close())));

const stores = await testStack();
const clock = new VirtualClock(NOW);
const company = new Company(
  {
    ...readConfiguration({ NAMESPACE: stores.namespace, ROLES: 'policies' }),
    stores,
    openedMasterKeys: LocalMasterKeys.holding(randomBytes(32)),
  },
  clock,
);
open.push(company);
await company.open();

const clerk = randomUUID();
const register = (registrationNumber: string, customerId = randomUUID()) =>
  company.send(RegisterCustomer.of({ customerId, profile: { legalName: '李雷商贸', registrationNumber } }), clerk);
const minutesLater = (minutes: number) =>
  company.until(new Date(Date.parse(clock.now()) + minutes * 60_000).toISOString());
const identities = async () =>
  (await company.history()).filter((event): event is RecordedEvent<IdentityEvent> =>
    event.stream.startsWith('identity-'),
  );

test('fifty customers are registered at once under one number, however it is written: one gets it', async () => {
  const ways = ['91 3100 00MA 1FPX', '91-3100-00MA-1FPX', '91310000ma1fpx', '９１３１００００MA1FPX'];
  const answers = await Promise.all(Array.from({ length: 50 }, (_, nth) => register(ways[nth % ways.length] ?? '')));
  expect(answers.filter((isRegistered) => isRegistered)).toHaveLength(1);
  await minutesLater(6);
  const registered = (await company.history()).filter(({ type }) => type === 'CustomerRegistered');
  expect(registered).toHaveLength(1);
  expect((await identities()).map(({ type }) => type)).toEqual(['IdentityReserved', 'IdentityConfirmed']);
});

test('nobody can read it in the log', async () => {
  const log = (await identities()).map(({ data, stream }) => JSON.stringify({ data, stream })).join();
  expect(log).toMatch(/identity-registrationNumber-[0-9a-f]{64}/);
  expect(log).not.toContain('1FPX');
});

test('what was reserved for a customer that a crash kept from being registered is free when its time is out', async () => {
  await register('CRASHED', randomUUID());
  const [{ data } = { data: undefined }] = (await identities()).slice(-1);
  if (data === undefined) throw new Error('nothing was reserved');
  const identityId = data.identityId.replace(/.{8}$/, '00000000');
  const holderId = randomUUID();
  const until = new Date(Date.parse(clock.now()) + 5 * 60_000).toISOString();
  const reserve = (holder: string) =>
    ReserveIdentity.of({ identityId, holderId: holder, stream: `customer-${holder}`, reservationId: holder, until });
  expect(await company.send(reserve(holderId), clerk)).toBe(true);
  expect(await company.send(reserve(randomUUID()), clerk)).toBe(false);
  await minutesLater(6);
  expect(await company.send(reserve(randomUUID()), clerk)).toBe(true);
});

test('a registration that is refused later keeps nothing, and the one who has it may repeat itself', async () => {
  const customerId = randomUUID();
  expect(await register('REPEATED', customerId)).toBe(true);
  expect(await register('ANOTHER', customerId)).toBe(false);
  expect(await register('ANOTHER')).toBe(true);
});

test('a phone that was corrected away is free for another; corrected back before, it is not', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const called = (phone: string, customerId: string) =>
    company.send(RegisterCustomer.of({ customerId, profile: { legalName: '韩梅梅商贸', phone } }), clerk);
  const correct = (phone: string) =>
    company.send(CorrectCustomerProfile.of({ customerId: first, profile: { phone }, reason: { code: 'typo' } }), clerk);
  expect(await called('021-5555 0001', first)).toBe(true);
  expect(await correct('021-5555 0002')).toBe(true);
  expect(await correct('+86 21 5555 0001')).toBe(true);
  await minutesLater(6);
  expect(await called('021 55550001', second)).toBe(false);
  expect(await called('021 55550002', second)).toBe(true);
});

test('once the customer is erased, another can be registered under the number', async () => {
  const customerId = randomUUID();
  expect(await register('ERASED', customerId)).toBe(true);
  expect(await register('ERASED')).toBe(false);
  const erasure = RequestErasure.of({ subject: `customer:${customerId}`, erasureId: randomUUID() });
  expect(await company.send(erasure, clerk)).toBe(true);
  await minutesLater(1);
  expect(await register('ERASED')).toBe(true);
});

test('leads that can be reached by one phone, or by that of a customer, are noticed until they cannot be any more', async () => {
  const [first, second, third, customerId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const capture = (leadId: string, phone: string) =>
    company.send(CaptureLead.of({ leadId, profile: { name: '李雷', phone } }), clerk);
  // At once, and written in different ways: whoever comes second finds the first.
  await Promise.all([
    capture(first, '021-6666 0001'),
    capture(second, '+86 21 66660001'),
    capture(third, '021-66660002'),
  ]);
  await minutesLater(1);
  const told = async (type: string) =>
    (await company.history()).flatMap((event) =>
      event.type === type ? [[event.streamId, (event.data as { readonly of?: string }).of]] : [],
    );
  const pair = [first, second];
  const [[later, earlier] = []] = await told('LeadDuplicateSuspected');
  expect([later, earlier?.replace('lead:', '')].sort()).toEqual(pair.sort());
  expect(await told('LeadDuplicateSuspected')).toHaveLength(1);

  const profile = { legalName: '李雷商贸', phone: '（021）6666-0002' };
  expect(await company.send(RegisterCustomer.of({ customerId, profile }), clerk)).toBe(true);
  await minutesLater(1);
  expect((await told('LeadDuplicateSuspected')).slice(1)).toEqual([[third, `customer:${customerId}`]]);

  await company.send(
    DisqualifyLead.of({ leadId: earlier?.replace('lead:', '') ?? '', reasonCode: 'duplicate' }),
    clerk,
  );
  await company.send(CorrectLeadProfile.of({ leadId: third, profile: { phone: '021-66660003' } }), clerk);
  await minutesLater(1);
  expect((await told('LeadDuplicateCleared')).sort()).toEqual(
    [
      [later, earlier],
      [third, `customer:${customerId}`],
    ].sort(),
  );
});
