import { test } from '@jest/globals';
import { spec } from '../../../../test/spec.js';
import type { SalesProcess } from '../../pipeline/sales-process/sales-process.decider.js';
import {
  CaptureLead,
  ConvertLead,
  CorrectLeadProfile,
  DeclineLeadConversion,
  DisqualifyLead,
  NoteLeadActivity,
  QualifyLead,
  RecycleLead,
  RequestLeadConversion,
  ReturnLead,
  TransferLead,
} from './lead.commands.js';
import { lead } from './lead.decider.js';
import type { LeadEvent } from './lead.events.js';

const leadId = '1ead0000-0000-4000-8000-000000000001';
const poolId = 'b0010000-0000-4000-8000-000000000001';
const fang = 'e0000000-0000-4000-8000-000000000002';
const lei = 'e0000000-0000-4000-8000-000000000003';
const customerId = 'c0000000-0000-4000-8000-000000000001';
const another = 'c0000000-0000-4000-8000-000000000002';
const processId = 'b0c00000-0000-4000-8000-000000000001';
const opportunity = { opportunityId: '0bb00000-0000-4000-8000-000000000001', processId };
const policy = { actor: { id: 'turn-leads-into-customers', kind: 'system' } } as const;

const captured = (profile: object): LeadEvent => ({
  type: 'LeadCaptured',
  data: { leadId, poolId, source: 'fair', profile, stageVisit: { begins: 1 } },
});
const ofPerson = captured({ name: '李雷', phone: '13800000000', note: '要报价' });
const claimed: LeadEvent = {
  type: 'LeadClaimed',
  data: {
    ...{ leadId, claimantId: fang, poolId, fromState: 'pooled' },
    ...{ stageVisit: { ends: 1, begins: 2 }, ownershipVisit: { begins: 1 } },
  },
};
const requested: Extract<LeadEvent, { type: 'LeadConversionRequested' }> = {
  type: 'LeadConversionRequested',
  data: {
    ...{ leadId, customerId, ownerId: fang, partyType: 'person', poolId, source: 'fair', carryFollowUps: false },
    profile: { legalName: '李雷', phone: '13800000000', remarks: '要报价' },
  },
};
const declined = (holderId?: string): LeadEvent => ({
  type: 'LeadConversionDeclined',
  data: { leadId, customerId, refusal: 'IDENTITY_TAKEN', identityKind: 'phone', holderId },
});
const converted: Extract<LeadEvent, { type: 'LeadConverted' }> = {
  type: 'LeadConverted',
  data: {
    ...{ leadId, customerId, ownerId: fang, carryFollowUps: false, matchedExisting: false },
    ...{ stageVisit: { ends: 2 }, ownershipVisit: { ends: 1 } },
  },
};
const process = (retired: boolean): SalesProcess => ({
  ...{ status: 'defined', processId },
  versions: [{ version: 1, stages: [], rules: { allowSkip: true, allowRegress: true }, retired }],
});

const { given } = spec(lead, {});
const request = RequestLeadConversion.of({ leadId, customerId });
const because = { reason: { code: 'not_the_same' } };

test('an owned lead is to become a customer, who is told of what the lead tells', () =>
  given(ofPerson, claimed).when(request).then(requested));
test('a lead that names a company becomes that company', () =>
  given(captured({ name: '李雷', company: '李雷商贸' }), claimed)
    .when(request)
    .then({ ...requested, data: { ...requested.data, partyType: 'company', profile: { legalName: '李雷商贸' } } }));
test('what the request tells itself counts more', () =>
  given(ofPerson, claimed)
    .when(
      RequestLeadConversion.of({
        ...{ leadId, customerId, partyType: 'company', poolId: lei, carryFollowUps: true, nonIdentifying: ['phone'] },
        profile: { legalName: '李雷商贸', registrationNumber: '91310000MA1FPX' },
      }),
    )
    .then({
      ...requested,
      data: {
        ...requested.data,
        ...{ partyType: 'company', poolId: lei, carryFollowUps: true, nonIdentifying: ['phone'] },
        profile: { ...requested.data.profile, legalName: '李雷商贸', registrationNumber: '91310000MA1FPX' },
      },
    }));
test('a customer has a name', () =>
  given(captured({ phone: '13800000000' }), claimed)
    .when(request)
    .thenRefused('LEAD_NAME_REQUIRED'));
test('a lead that nobody owns becomes no customer', () => given(ofPerson).when(request).thenRefused('LEAD_NOT_OWNED'));
test('an unknown lead becomes no customer', () => given().when(request).thenRefused('LEAD_UNKNOWN'));

test('an opportunity may come with the customer', () =>
  given(ofPerson, claimed)
    .when(RequestLeadConversion.of({ leadId, customerId, opportunity }), { facts: { process: process(false) } })
    .then({ ...requested, data: { ...requested.data, opportunity } }));
test.each([{ status: 'unknown' } as const, process(true)])('but not in a process that cannot be used', (unusable) =>
  given(ofPerson, claimed)
    .when(RequestLeadConversion.of({ leadId, customerId, opportunity }), { facts: { process: unusable } })
    .thenRefused('PROCESS_UNKNOWN', { processId }),
);

test('what is requested, or done, is requested once', () => {
  given(ofPerson, claimed, requested).when(request).thenNothing();
  given(ofPerson, claimed, requested, converted).when(request).thenNothing();
});
test.each([
  RequestLeadConversion.of({ leadId, customerId: another }),
  ConvertLead.of({ leadId, customerId }),
  ConvertLead.of({ leadId, customerId: another, matchedExisting: true, reason: { code: 'same' } }),
  TransferLead.of({ leadId, toOwner: lei }),
  ReturnLead.of({ leadId, reasonCode: 'no_need' }),
  DisqualifyLead.of({ leadId, reasonCode: 'no_need' }),
  RecycleLead.of({ leadId, thresholdDays: 1 }),
  QualifyLead.of({ leadId }),
  CorrectLeadProfile.of({ leadId, profile: { name: '韩梅梅' } }),
])('until it is done nobody changes the lead: %o', (command) =>
  given(ofPerson, claimed, requested).when(command).thenRefused('LEAD_IN_CONVERSION', { customerId }),
);
test('follow-ups go on', () => {
  const noted = { leadId, followUpId: lei, channel: 'call', outcome: 'reached' } as const;
  given(ofPerson, claimed, requested).when(NoteLeadActivity.of(noted)).then({ type: 'LeadActivityNoted', data: noted });
});

test('the policy converts the lead in the end, as was requested', () =>
  given(ofPerson, claimed, { ...requested, data: { ...requested.data, carryFollowUps: true } })
    .when(ConvertLead.of({ leadId, customerId }), policy)
    .then({ ...converted, data: { ...converted.data, carryFollowUps: true } }));
test('or declines it, and names whose identity it was', () =>
  given(ofPerson, claimed, requested)
    .when(
      DeclineLeadConversion.of({
        ...{ leadId, customerId, refusal: 'IDENTITY_TAKEN', identityKind: 'phone', holderId: another },
      }),
      policy,
    )
    .then(declined(another)));
test('what was not requested, or is done, is not declined', () => {
  const decline = DeclineLeadConversion.of({ leadId, customerId, refusal: 'IDENTITY_TAKEN' });
  given(ofPerson, claimed).when(decline).thenNothing();
  given(ofPerson, claimed, requested, converted).when(decline).thenNothing();
  given(ofPerson, claimed, { ...requested, data: { ...requested.data, customerId: another } })
    .when(decline)
    .thenNothing();
});
test('after that the lead is changed again, and requested again', () => {
  const again = RequestLeadConversion.of({ leadId, customerId: another });
  const history = [ofPerson, claimed, requested, declined()];
  given(...history)
    .when(again)
    .then({ ...requested, data: { ...requested.data, customerId: another } });
  given(...history)
    .when(CaptureLead.of({ leadId }))
    .thenRefused('LEAD_ALREADY_CAPTURED');
  given(...history)
    .when(QualifyLead.of({ leadId }))
    .then({ type: 'LeadQualified', data: { leadId, criteria: [], stageVisit: { ends: 2, begins: 3 } } });
});
test('where another customer was met, a person says why theirs is not the same, or why it is', () => {
  const history = [ofPerson, claimed, requested, declined(another)];
  given(...history)
    .when(request)
    .thenRefused('REASON_REQUIRED', { suspectedOf: [`customer:${another}`] });
  given(...history)
    .when(RequestLeadConversion.of({ leadId, customerId, ...because }))
    .then(requested);
  given(...history)
    .when(ConvertLead.of({ leadId, customerId: another, matchedExisting: true, reason: { code: 'same' } }))
    .then({ ...converted, data: { ...converted.data, customerId: another, matchedExisting: true } });
});
