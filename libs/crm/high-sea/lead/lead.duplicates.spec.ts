import { test } from '@jest/globals';
import { spec } from '../../../../test/spec.js';
import {
  ClearLeadDuplicate,
  CorrectLeadProfile,
  DismissLeadDuplicate,
  RequestLeadConversion,
  SuspectLeadDuplicate,
} from './lead.commands.js';
import { lead } from './lead.decider.js';
import type { LeadEvent } from './lead.events.js';

const leadId = '1ead0000-0000-4000-8000-000000000001';
const fang = 'e0000000-0000-4000-8000-000000000002';
const customerId = 'c0000000-0000-4000-8000-000000000001';
const of = 'lead:1ead0000-0000-4000-8000-000000000002';
const [phone, email] = ['phone-3f2c', 'email-77aa'];

const captured: LeadEvent = {
  type: 'LeadCaptured',
  data: { leadId, profile: { name: '李雷', phone: '1' }, contacts: [phone], stageVisit: { begins: 1 } },
};
const claimed: LeadEvent = {
  type: 'LeadClaimed',
  data: {
    ...{ leadId, claimantId: fang, fromState: 'pooled' },
    ...{ stageVisit: { ends: 1, begins: 2 }, ownershipVisit: { begins: 1 } },
  },
};
const requested: LeadEvent = {
  type: 'LeadConversionRequested',
  data: { leadId, customerId, ownerId: fang, partyType: 'person', profile: {}, carryFollowUps: false },
};
const disqualified: LeadEvent = {
  type: 'LeadDisqualified',
  data: { leadId, reasonCode: 'no_need', stageVisit: { ends: 1 } },
};
const suspected = (identityId = phone): LeadEvent => ({
  type: 'LeadDuplicateSuspected',
  data: { leadId, of, identityId },
});
const cleared: LeadEvent = { type: 'LeadDuplicateCleared', data: { leadId, of, identityId: phone } };
const dismissed: LeadEvent = { type: 'LeadDuplicateDismissed', data: { leadId, of } };

const { given } = spec(lead, {});
const suspect = SuspectLeadDuplicate.of({ leadId, of, identityId: phone });
const clear = ClearLeadDuplicate.of({ leadId, of, identityId: phone });
const dismiss = (reason?: { code: string }) => DismissLeadDuplicate.of({ leadId, of, reason });
const because = { code: 'two_people' };

test('another who has the phone may be the same', () => given(captured).when(suspect).then(suspected()));
test('that is noticed once for each phone and e-mail', () => {
  given(captured, suspected()).when(suspect).thenNothing();
  given(captured, suspected())
    .when(SuspectLeadDuplicate.of({ leadId, of, identityId: email }))
    .then(suspected(email));
});
test('of a lead that is closed, or unknown, nothing is noticed', () => {
  given(captured, disqualified).when(suspect).thenNothing();
  given().when(suspect).thenNothing();
});
test('the customer that a lead becomes is no double of it', () => {
  const command = SuspectLeadDuplicate.of({ leadId, of: `customer:${customerId}`, identityId: phone });
  given(captured, claimed, requested).when(command).thenNothing();
  given(captured, claimed)
    .when(command)
    .then({ type: 'LeadDuplicateSuspected', data: { leadId, of: `customer:${customerId}`, identityId: phone } });
});

test('where the phone is no longer shared, nothing is suspected because of it', () => {
  given(captured, suspected()).when(clear).then(cleared);
  given(captured, suspected(), cleared).when(clear).thenNothing();
  given(captured, suspected(email)).when(clear).thenNothing();
});

test('a lead that was closed is suspected anew when it is reopened', () => {
  const reopened: LeadEvent = { type: 'LeadReopened', data: { leadId, stageVisit: { begins: 2 } } };
  given(captured, suspected(), disqualified).when(clear).thenNothing();
  given(captured, suspected(), disqualified, reopened).when(suspect).then(suspected());
});

test('somebody says that they are not the same, and why; then they are not suspected again', () => {
  given(captured, suspected(), suspected(email)).when(dismiss(because)).then(dismissed);
  given(captured, suspected()).when(dismiss()).thenRefused('REASON_REQUIRED');
  given(captured, suspected(), dismissed).when(dismiss(because)).thenNothing();
  given(captured, suspected(), dismissed).when(suspect).thenNothing();
});
test('what is not suspected is not dismissed', () => {
  given(captured).when(dismiss(because)).thenRefused('DUPLICATE_NOT_SUSPECTED', { of });
  given().when(dismiss(because)).thenRefused('LEAD_UNKNOWN');
});

test('who may be the same becomes no customer of their own before somebody says why', () => {
  const request = (reason?: { code: string }) => RequestLeadConversion.of({ leadId, customerId, reason });
  const told: LeadEvent = {
    ...requested,
    data: { ...requested.data, profile: { legalName: '李雷', phone: '1' } },
  };
  given(captured, claimed, suspected())
    .when(request())
    .thenRefused('REASON_REQUIRED', { suspectedOf: [of] });
  given(captured, claimed, suspected()).when(request(because)).then(told);
  given(captured, claimed, suspected(), dismissed).when(request()).then(told);
});

test('a correction tells by what the lead can be reached no more', () =>
  given(captured)
    .when(CorrectLeadProfile.of({ leadId, profile: { phone: '2' } }))
    .then({
      type: 'LeadProfileCorrected',
      data: { leadId, changes: [{ field: 'phone', personal: { old: '1', new: '2' } }], formerContacts: [phone] },
    }));
test('after it the lead is reached by the new one', () =>
  given(captured, { type: 'LeadProfileCorrected', data: { leadId, changes: [{ field: 'phone' }], contacts: [email] } })
    .when(CorrectLeadProfile.of({ leadId, profile: { email: 'li@example.com', phone: '2' } }))
    .then({
      type: 'LeadProfileCorrected',
      data: {
        leadId,
        changes: [
          { field: 'phone', personal: { new: '2' } },
          { field: 'email', personal: { new: 'li@example.com' } },
        ],
        formerContacts: [email],
      },
    }));
