import { afterAll, afterEach, expect, jest, test } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { randomBytes, randomUUID } from 'node:crypto';
import { RegisterCustomer } from '#crm/customer-record/customer/customer.commands';
import { CaptureLead, ClaimLead, RequestLeadConversion } from '#crm/high-sea/lead/lead.commands';
import { DefineSalesProcess, PublishSalesProcessVersion } from '#crm/pipeline/sales-process/sales-process.commands';
import { type Command, EventStoreUnavailable, issueOf, LocalMasterKeys } from '#event-store';
import { VirtualClock } from '#policies';
import { readConfiguration } from '../../apps/server/configuration.js';
import { until } from '../read-store/rig.js';
import { Company } from '../simulation/company.js';
import { NOW } from '../spec.js';
import { testStack } from '../stack/index.js';

let company: Company | undefined;
const close = async () => {
  await company?.close();
  company = undefined;
};
/** Before the database goes, which is registered later. */
afterAll(close);

const stores = await testStack();
const openedMasterKeys = LocalMasterKeys.holding(randomBytes(32));
const clock = new VirtualClock(NOW);
/** The application anew, as after a restart. */
async function open(): Promise<Company> {
  await close();
  const configuration = readConfiguration({ NAMESPACE: stores.namespace, ROLES: 'policies' });
  company = new Company({ ...configuration, stores, openedMasterKeys }, clock);
  await company.open();
  return company;
}
afterEach(() => {
  jest.restoreAllMocks();
});

const [owner, processId] = [randomUUID(), randomUUID()];
const phones = Array.from({ length: 20 }, (_, nth) => `+86 138 0000 00${String(nth + 10)}`).values();
const phone = () => phones.next().value ?? '';

const first = await open();
await first.send(DefineSalesProcess.of({ processId, name: 'Direct' }), owner);
const stages = [{ id: 'talk', name: 'Talk', orderIndex: 1, kind: 'open' as const, probability: 10, exitCriteria: [] }];
const rules = { allowSkip: true, allowRegress: true };
await first.send(PublishSalesProcessVersion.of({ processId, version: 1, stages, rules }), owner);

/** A lead that somebody owns, and what may become of it. */
async function ownedLead(at: Company, contact = phone()) {
  const [leadId, customerId, opportunityId] = [randomUUID(), randomUUID(), randomUUID()];
  const profile = { name: '李雷', company: '李雷商贸', phone: contact };
  await at.send(CaptureLead.of({ leadId, source: 'fair', profile }), owner);
  await at.send(ClaimLead.of({ leadId, claimantId: owner }), owner);
  const opportunity = { opportunityId, processId };
  const request = (reason?: { code: string }) =>
    RequestLeadConversion.of({ leadId, customerId, opportunity, carryFollowUps: true, reason });
  return { leadId, customerId, opportunityId, contact, request };
}

/** What happened to the lead and to what it became, in the order of the log. */
async function toldOf(at: Company, { leadId, customerId, opportunityId }: Awaited<ReturnType<typeof ownedLead>>) {
  const streams = [`lead-${leadId}`, `customer-${customerId}`, `opportunity-${opportunityId}`];
  return (await at.history()).filter(({ stream }) => streams.includes(stream));
}

const WHOLE = [
  ...['LeadCaptured', 'LeadClaimed', 'LeadConversionRequested'],
  ...['CustomerRegistered', 'CustomerAssigned', 'OpportunityOpened', 'LeadConverted'],
];
const BY_POLICY = ['RegisterCustomer', 'AssignCustomer', 'OpenOpportunity', 'ConvertLead'];

/** Once the policy has given this command the store is not there: it gets no answer, and can do nothing more. */
function storeIsGoneAfter(name: string): { readonly isGone: () => boolean } {
  let isGone = !BY_POLICY.includes(name);
  const execute = Reflect.get(CommandBus.prototype, 'execute');
  jest.spyOn(CommandBus.prototype, 'execute').mockImplementation(async function (this: CommandBus, command: Command) {
    if (issueOf(command)?.actor.id !== 'turn-leads-into-customers') return execute.call(this, command);
    const answer = isGone ? undefined : await execute.call(this, command);
    isGone ||= command.constructor.name === name;
    if (isGone) throw new EventStoreUnavailable('append');
    return answer;
  });
  return { isGone: () => isGone };
}

test('a lead becomes a customer of its owner with an opportunity, each told by its event, however often it is asked for', async () => {
  const at = await open();
  const lead = await ownedLead(at);
  expect(await at.send(lead.request(), owner)).toBe(true);
  expect(await at.send(lead.request(), owner)).toBe(true);
  await at.until(clock.now());
  expect(await at.send(lead.request(), owner)).toBe(true);
  await at.until(clock.now());
  const told = await toldOf(at, lead);
  expect(told.map(({ type }) => type)).toEqual(WHOLE);
  const { leadId, customerId, opportunityId, contact } = lead;
  expect(told.slice(3).map(({ data }) => data)).toMatchObject([
    { leadId, source: 'fair', partyType: 'company', profile: { legalName: '李雷商贸', phone: contact } },
    { assigneeId: owner },
    { customerId, leadId, ownerId: owner, source: 'fair' },
    { customerId, opportunityId, ownerId: owner, carryFollowUps: true, matchedExisting: false },
  ]);
  expect(new Set(told.slice(2).map(({ correlationId }) => correlationId)).size).toBe(1);
});

test('a restart before and after each of its steps changes nothing', async () => {
  const lead = await ownedLead(await open());
  for (const step of ['nothing', ...BY_POLICY]) {
    const { isGone } = storeIsGoneAfter(step);
    await (await open()).send(lead.request(), owner);
    await until(isGone);
    await close();
    jest.restoreAllMocks();
  }
  const at = await open();
  await at.until(clock.now());
  expect((await toldOf(at, lead)).map(({ type }) => type)).toEqual(WHOLE);
});

test('whose phone another customer has becomes none until somebody says why it is not the same', async () => {
  const at = await open();
  const lead = await ownedLead(at);
  const { leadId, contact } = lead;
  const holderId = randomUUID();
  const profile = { legalName: '韩梅梅商贸', phone: contact };
  await at.send(RegisterCustomer.of({ customerId: holderId, profile }), owner);
  await at.until(clock.now());
  expect(await at.send(lead.request(), owner)).toBe(false);
  expect(await at.send(lead.request({ code: 'another' }), owner)).toBe(true);
  await at.until(clock.now());
  const told = await toldOf(at, lead);
  expect(told.slice(-1)).toMatchObject([
    { type: 'LeadConversionDeclined', data: { refusal: 'IDENTITY_TAKEN', identityKind: 'phone', holderId } },
  ]);

  const customerId = randomUUID();
  const again = (reason?: { code: string }) =>
    RequestLeadConversion.of({ leadId, customerId, nonIdentifying: ['phone'], reason });
  expect(await at.send(again(), owner)).toBe(false);
  expect(await at.send(again({ code: 'same_switchboard' }), owner)).toBe(true);
  await at.until(clock.now());
  expect((await toldOf(at, { ...lead, customerId })).slice(-4).map(({ type }) => type)).toEqual([
    ...['LeadConversionRequested', 'CustomerRegistered', 'CustomerAssigned', 'LeadConverted'],
  ]);
});
