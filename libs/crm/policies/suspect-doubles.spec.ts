import { test } from '@jest/globals';
import { send } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import { MentionIdentity, WithdrawIdentityMention } from '../customer-record/identity/identity.commands.js';
import { ClearLeadDuplicate, SuspectLeadDuplicate } from '../high-sea/lead/lead.commands.js';
import { suspectDoubles } from './suspect-doubles.policy.js';

const { when } = policySpec(suspectDoubles);
const [leadId, otherId] = ['1ead0000-0000-4000-8000-000000000001', '1ead0000-0000-4000-8000-000000000002'];
const customerId = 'c0000000-0000-4000-8000-000000000001';
const [record, other, customer] = [`lead:${leadId}`, `lead:${otherId}`, `customer:${customerId}`];
const [phone, email] = ['phone-3f2c', 'email-77aa'];

const mention = (identityId: string) => send(MentionIdentity.of({ identityId, record }));
const withdraw = (identityId: string) => send(WithdrawIdentityMention.of({ identityId, record }));
const suspect = (lead: string, of: string) => send(SuspectLeadDuplicate.of({ leadId: lead, of, identityId: phone }));
const clear = (lead: string, of: string) => send(ClearLeadDuplicate.of({ leadId: lead, of, identityId: phone }));
const stageVisit = { begins: 1 };

test('an open lead is noted under its phone and e-mail', () => {
  when({ type: 'LeadCaptured', data: { leadId, contacts: [phone, email], stageVisit } }, {}).then(
    mention(phone),
    mention(email),
  );
  when({ type: 'LeadReopened', data: { leadId, stageVisit } }, { contacts: [phone] }).then(mention(phone));
});
test('who cannot be reached resembles nobody', () =>
  when({ type: 'LeadCaptured', data: { leadId, stageVisit } }, {}).then());
test('a correction notes it anew', () =>
  when(
    { type: 'LeadProfileCorrected', data: { leadId, changes: [], contacts: [email], formerContacts: [phone] } },
    {},
  ).then(withdraw(phone), mention(email)));
test('a lead that is closed or erased is noted no more', () => {
  const facts = { contacts: [phone] };
  const closed = { leadId, stageVisit: { ends: 1 } };
  when({ type: 'LeadDisqualified', data: { ...closed, reasonCode: 'no_need' } }, facts).then(withdraw(phone));
  when(
    { type: 'LeadConverted', data: { ...closed, customerId, carryFollowUps: false, matchedExisting: false } },
    facts,
  ).then(withdraw(phone));
  when({ type: 'SubjectKeyDestroyed', data: { subject: record, erasureId: 'x', keys: [record] } }, facts).then(
    withdraw(phone),
  );
  when({ type: 'SubjectKeyDestroyed', data: { subject: customer, erasureId: 'x', keys: [customer] } }, {}).then();
});

test('the lead that comes second may be whoever has the phone, or told of it first', () =>
  when(
    { type: 'IdentityMentioned', data: { identityId: phone, record, holderId: customerId, alsoBy: [other] } },
    {},
  ).then(suspect(leadId, customer), suspect(leadId, other)));
test('when it tells of it no more, neither may be the other', () =>
  when(
    { type: 'IdentityMentionWithdrawn', data: { identityId: phone, record, holderId: customerId, alsoBy: [other] } },
    {},
  ).then(clear(leadId, customer), clear(leadId, other), clear(otherId, record)));

const registered = (from?: string): CustomerEvent => ({
  type: 'CustomerRegistered',
  data: { customerId, partyType: 'person', profile: {}, classification: {}, leadId: from, identities: [phone, email] },
});
const mentions = [
  { identityId: phone, record },
  { identityId: phone, record: other },
];
test('every open lead that tells of the phone may be the new customer, but for the one that it comes from', () => {
  when(registered(), { mentions }).then(suspect(leadId, customer), suspect(otherId, customer));
  when(registered(leadId), { mentions }).then(suspect(otherId, customer));
  when(registered(), { mentions: [] }).then();
});
test('and no more when the customer has another phone', () =>
  when(
    {
      type: 'CustomerProfileCorrected',
      data: { customerId, changes: [], formerIdentities: [{ identityId: phone, reservationId: 'r' }] },
    },
    { mentions },
  ).then(clear(leadId, customer), clear(otherId, customer)));
