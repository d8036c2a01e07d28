import { test } from '@jest/globals';
import { send } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import { LinkDataSubjects } from '../audit-privacy/data-subject/data-subject.commands.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import type { FollowUpEvent } from '../engagement/follow-up/follow-up.events.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import type { OpportunityEvent } from '../pipeline/opportunity/opportunity.events.js';
import { linkRecordsOfOnePerson } from './link-records-of-one-person.policy.js';

const { when } = policySpec(linkRecordsOfOnePerson);
const uuid = (n: number) => `d0000000-0000-4000-8000-00000000000${n}`;
const [customerId, leadId, opportunityId, followUpId] = [uuid(1), uuid(2), uuid(3), uuid(4)];
const person = `customer:${customerId}`;
const linkTo = (linked: string) => send(LinkDataSubjects.of({ subject: person, linked }));

const converted: LeadEvent = {
  type: 'LeadConverted',
  data: { leadId, customerId, matchedExisting: false, carryFollowUps: true, stageVisit: { ends: 1 } },
};
const registered = (from?: string): CustomerEvent => ({
  type: 'CustomerRegistered',
  data: { customerId, partyType: 'person', profile: {}, classification: {}, leadId: from },
});
const proven: OpportunityEvent = {
  type: 'StageOutcomeRecorded',
  data: { opportunityId, stageId: 'demo', criterionId: 'shown', evidence: 'She liked it' },
};
const revised: OpportunityEvent = { type: 'AmountRevised', data: { opportunityId } };
const ofOpportunity = { stream: `opportunity-${opportunityId}` };
const called: FollowUpEvent = {
  type: 'FollowUpRecorded',
  data: { followUpId, entityKind: 'customer', recordId: customerId, channel: 'call', outcome: 'reached' },
};

test('a lead and the person that it became are one', () => {
  when(converted, { person }).then(linkTo(`lead:${leadId}`));
  when(registered(leadId), { person }).then(linkTo(`lead:${leadId}`));
});
test('a person who was no lead before is nobody else', () => when(registered(), { person }).then());
test('a company is none of its people', () => when(converted, {}).then());
test('what was written about a person belongs to them', () => {
  when(proven, { person }, ofOpportunity).then(linkTo(`opportunity:${opportunityId}`));
  when(revised, { person }, { ...ofOpportunity, reason: { code: 'asked', text: 'She asked for less' } }).then(
    linkTo(`opportunity:${opportunityId}`),
  );
  when(called, { person }, { stream: `followup-${followUpId}`, reason: { code: 'asked', text: 'On holiday' } }).then(
    linkTo(`followup:${followUpId}`),
  );
});
test('where nothing was written nothing is linked', () => {
  when(revised, { person }, ofOpportunity).then();
  when(called, { person }).then();
});
