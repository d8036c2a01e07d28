import { test } from '@jest/globals';
import { ERASED, send } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import { AssignCustomer, RegisterCustomer } from '../customer-record/customer/customer.commands.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import { ConvertLead, DeclineLeadConversion } from '../high-sea/lead/lead.commands.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import { OpenOpportunity } from '../pipeline/opportunity/opportunity.commands.js';
import type { OpportunityEvent } from '../pipeline/opportunity/opportunity.events.js';
import { turnLeadsIntoCustomers } from './turn-leads-into-customers.policy.js';

const { when, refused } = policySpec(turnLeadsIntoCustomers);
const id = (n: number) => `d0000000-0000-4000-8000-00000000000${n}`;
const [leadId, customerId, ownerId, poolId, opportunityId, processId, holderId] = [1, 2, 3, 4, 5, 6, 7].map(id);
if (!leadId || !customerId || !ownerId || !poolId || !opportunityId || !processId) throw new Error('ids');

const partyType = 'person' as const;
const conversion = { leadId, customerId, ownerId, partyType, poolId, source: 'fair', carryFollowUps: true };
const opportunity = { opportunityId, processId, amount: { amount: 500, currency: 'CNY' } };
const requested = (profile: { legalName: string; remarks?: string }): LeadEvent => ({
  type: 'LeadConversionRequested',
  data: { ...conversion, profile, nonIdentifying: ['phone'] },
});
const registered: CustomerEvent = {
  type: 'CustomerRegistered',
  data: { customerId, partyType, leadId, profile: {}, classification: {} },
};
const stage = { id: 'talk', name: 'Talk', orderIndex: 1, kind: 'open', probability: 10 } as const;
const opened: OpportunityEvent = {
  type: 'OpportunityOpened',
  data: { opportunityId, processId, processVersion: 1, stage, leadId, stageVisit: { begins: 1 } },
};
const register = RegisterCustomer.of({
  ...{ customerId, partyType, profile: { legalName: '李雷' }, nonIdentifying: ['phone'] },
  ...{ leadId, source: 'fair', poolId },
});
const open = OpenOpportunity.of({ ...opportunity, customerId, ownerId, leadId, source: 'fair' });

test('a customer is registered as was requested', () =>
  when(requested({ legalName: '李雷' }), { conversion }).then(send(register)));
test('blanks that a lead of long ago holds are not told on', () => {
  const blank = { ...conversion, source: ' ', opportunity };
  when(requested({ legalName: '李雷', remarks: '  ' }), { conversion: blank }).then(send(register));
  when(registered, { conversion: blank }).then(
    send(AssignCustomer.of({ customerId, assigneeId: ownerId })),
    send(OpenOpportunity.of({ ...opportunity, customerId, ownerId, leadId })),
  );
});
test('nothing is registered for what is done or declined, or for another request', () => {
  when(requested({ legalName: '李雷' }), {}).then();
  when(requested({ legalName: '李雷' }), { conversion: { ...conversion, customerId: ownerId } }).then();
});
test('nobody is registered who was erased meanwhile', () =>
  when(requested({ legalName: ERASED }), { conversion }).then(
    send(DeclineLeadConversion.of({ leadId, customerId, refusal: 'SUBJECT_ERASED' })),
  ));
test('who has the phone is named to whoever decides whether it is the same', () => {
  refused(register, 'IDENTITY_TAKEN', { kind: 'phone', holderId }).then(
    send(DeclineLeadConversion.of({ leadId, customerId, refusal: 'IDENTITY_TAKEN', identityKind: 'phone', holderId })),
  );
  refused(register, 'CUSTOMER_ALREADY_REGISTERED', { customerId }).then(
    send(DeclineLeadConversion.of({ leadId, customerId, refusal: 'CUSTOMER_ALREADY_REGISTERED' })),
  );
});

test('the customer goes to the owner of the lead, and the lead is converted', () =>
  when(registered, { conversion }).then(
    send(AssignCustomer.of({ customerId, assigneeId: ownerId })),
    send(ConvertLead.of({ leadId, customerId })),
  ));
test('where one was asked for, an opportunity is opened, and then the lead is converted', () => {
  const facts = { conversion: { ...conversion, opportunity } };
  when(registered, facts).then(send(AssignCustomer.of({ customerId, assigneeId: ownerId })), send(open));
  when(opened, facts).then(send(ConvertLead.of({ leadId, customerId, opportunityId })));
});
test('where it cannot be opened, the lead is converted without it', () =>
  refused(open, 'PROCESS_VERSION_RETIRED').then(send(ConvertLead.of({ leadId, customerId }))));
test('customers and opportunities of which no request tells are left alone', () => {
  when(registered, {}).then();
  when(registered, { conversion: { ...conversion, customerId: ownerId } }).then();
  when(opened, {}).then();
  when(opened, { conversion }).then();
});
