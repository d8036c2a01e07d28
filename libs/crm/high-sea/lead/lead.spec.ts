import { expect, test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import {
  AssignLead,
  CaptureLead,
  ClaimLead,
  ClearLeadDuplicate,
  ConvertLead,
  CorrectLeadProfile,
  DeclineLeadConversion,
  DismissLeadDuplicate,
  DisqualifyLead,
  QualifyLead,
  RecycleLead,
  ReopenLead,
  RequestLeadConversion,
  ReturnLead,
  SuspectLeadDuplicate,
  TransferLead,
} from './lead.commands.js';
import { lead } from './lead.decider.js';
import type { LeadEvent } from './lead.events.js';

const leadId = '1ead0000-0000-4000-8000-000000000001';
const fang = 'e0000000-0000-4000-8000-000000000002';
const lei = 'e0000000-0000-4000-8000-000000000003';
const poolId = 'b0010000-0000-4000-8000-000000000001';
const customerId = 'c0570000-0000-4000-8000-000000000001';

const captured: LeadEvent = {
  type: 'LeadCaptured',
  data: { leadId, poolId, source: 'web', profile: { name: '李雷', phone: '13800000000' }, stageVisit: { begins: 1 } },
};
const claimed: LeadEvent = {
  type: 'LeadClaimed',
  data: {
    leadId,
    claimantId: fang,
    poolId,
    fromState: 'pooled',
    stageVisit: { ends: 1, begins: 2 },
    ownershipVisit: { begins: 1 },
  },
};
const returned: LeadEvent = {
  type: 'LeadReturned',
  data: {
    leadId,
    ownerId: fang,
    reasonCode: 'no_need',
    targetPoolId: poolId,
    stageVisit: { ends: 2, begins: 3 },
    ownershipVisit: { ends: 1 },
  },
};
const qualified: LeadEvent = {
  type: 'LeadQualified',
  data: { leadId, criteria: [], stageVisit: { ends: 2, begins: 3 } },
};
const converted: LeadEvent = {
  type: 'LeadConverted',
  data: {
    leadId,
    customerId,
    ownerId: fang,
    carryFollowUps: false,
    matchedExisting: false,
    stageVisit: { ends: 2 },
    ownershipVisit: { ends: 1 },
  },
};
const disqualified: LeadEvent = {
  type: 'LeadDisqualified',
  data: { leadId, reasonCode: 'no_need', stageVisit: { ends: 1 } },
};

const { given } = spec(lead, {});
const claim = (claimantId: string) => ClaimLead.of({ leadId, claimantId });

test('a captured lead lies in its pool', () =>
  given()
    .when(CaptureLead.of({ leadId, poolId, source: 'web', profile: { name: '李雷', phone: '13800000000' } }))
    .then(captured));
test('a lead is captured once', () =>
  given(captured).when(CaptureLead.of({ leadId })).thenRefused('LEAD_ALREADY_CAPTURED'));

test('a pooled lead can be claimed', () => given(captured).when(claim(fang)).then(claimed));
test('claiming the same lead twice changes nothing', () => given(captured, claimed).when(claim(fang)).thenNothing());
test('the loser of a race learns who was first', () =>
  given(captured, claimed).when(claim(lei)).thenRefused('LEAD_ALREADY_CLAIMED', { by: fang }));
test('a returned lead can be claimed again, as its next ownership visit', () =>
  given(captured, claimed, returned)
    .when(claim(lei))
    .then({
      type: 'LeadClaimed',
      data: {
        leadId,
        claimantId: lei,
        poolId,
        fromState: 'pooled',
        stageVisit: { ends: 3, begins: 4 },
        ownershipVisit: { begins: 2 },
      },
    }));
test('an unknown lead cannot be claimed', () => given().when(claim(fang)).thenRefused('LEAD_UNKNOWN'));
test('a converted lead cannot be claimed', () =>
  given(captured, claimed, converted).when(claim(lei)).thenRefused('LEAD_CLOSED'));

test('a pooled lead can be assigned, and the event names who did it', () =>
  given(captured)
    .when(AssignLead.of({ leadId, assigneeId: lei }), { actor: { id: fang, kind: 'human' } })
    .then({
      type: 'LeadAssigned',
      data: {
        leadId,
        assigneeId: lei,
        assignerId: fang,
        poolId,
        stageVisit: { ends: 1, begins: 2 },
        ownershipVisit: { begins: 1 },
      },
    }));
test('an owned lead is transferred, not assigned', () =>
  given(captured, claimed)
    .when(AssignLead.of({ leadId, assigneeId: lei }))
    .thenRefused('LEAD_ALREADY_CLAIMED'));

test('a transfer ends one ownership visit and begins the next', () =>
  given(captured, claimed)
    .when(TransferLead.of({ leadId, toOwner: lei }))
    .then({
      type: 'LeadTransferred',
      data: { leadId, fromOwner: fang, toOwner: lei, reassignFollowUps: false, ownershipVisit: { ends: 1, begins: 2 } },
    }));
test('a transfer to the owner changes nothing', () =>
  given(captured, claimed)
    .when(TransferLead.of({ leadId, toOwner: fang }))
    .thenNothing());
test('a pooled lead cannot be transferred', () =>
  given(captured)
    .when(TransferLead.of({ leadId, toOwner: lei }))
    .thenRefused('LEAD_NOT_OWNED'));

test('an owned lead goes back to its pool', () =>
  given(captured, claimed)
    .when(ReturnLead.of({ leadId, reasonCode: 'no_need' }))
    .then(returned));
test('returning for another reason needs words', () =>
  given(captured, claimed)
    .when(ReturnLead.of({ leadId, reasonCode: 'other' }))
    .thenRefused('REASON_TEXT_REQUIRED'));
test('a pooled lead is returned already', () =>
  given(captured)
    .when(ReturnLead.of({ leadId, reasonCode: 'no_need' }))
    .thenNothing());

const daysLater = (days: number) => ({
  occurredAt: new Date(Date.parse('2026-11-22T08:00:00.000Z') + days * 86_400_000).toISOString(),
});
const recycle = RecycleLead.of({ leadId, thresholdDays: 7 });
test('an idle lead is recycled, counted from taking it when nobody followed up', () =>
  given(captured, claimed)
    .when(recycle, daysLater(7))
    .then({
      type: 'LeadRecycled',
      data: {
        leadId,
        previousOwnerId: fang,
        targetPoolId: poolId,
        basis: { idleDays: 7, threshold: 7 },
        stageVisit: { ends: 2, begins: 3 },
        ownershipVisit: { ends: 1 },
      },
    }));
test('a lead is not recycled a day too early', () =>
  given(captured, claimed).when(recycle, daysLater(6)).thenRefused('LEAD_STILL_ACTIVE', { idleDays: 6 }));
test('a later activity keeps the lead', () =>
  given(captured, claimed)
    .when(RecycleLead.of({ leadId, thresholdDays: 7, lastQualifyingActivityAt: daysLater(5).occurredAt }), daysLater(8))
    .thenRefused('LEAD_STILL_ACTIVE', { idleDays: 3 }));
test('a protected lead is not recycled', () =>
  given(captured, { ...claimed, data: { ...claimed.data, protectedUntil: daysLater(30).occurredAt } })
    .when(recycle, daysLater(8))
    .thenRefused('LEAD_PROTECTED'));
test('a pooled lead is recycled already', () => given(captured).when(recycle, daysLater(9)).thenNothing());

test('an owned lead can be qualified', () => given(captured, claimed).when(QualifyLead.of({ leadId })).then(qualified));
test('a lead is qualified once', () =>
  given(captured, claimed, qualified).when(QualifyLead.of({ leadId })).thenNothing());
test('a pooled lead cannot be qualified', () =>
  given(captured).when(QualifyLead.of({ leadId })).thenRefused('LEAD_NOT_OWNED'));

test('a pooled lead can be disqualified', () =>
  given(captured)
    .when(DisqualifyLead.of({ leadId, reasonCode: 'no_need' }))
    .then(disqualified));
test('a lead is disqualified once', () =>
  given(captured, disqualified)
    .when(DisqualifyLead.of({ leadId, reasonCode: 'no_need' }))
    .thenNothing());
test('a converted lead cannot be disqualified', () =>
  given(captured, claimed, converted)
    .when(DisqualifyLead.of({ leadId, reasonCode: 'no_need' }))
    .thenRefused('LEAD_ALREADY_CONVERTED'));
test('a disqualified lead can be reopened with a reason', () =>
  given(captured, disqualified)
    .when(ReopenLead.of({ leadId, reason: { code: 'called_back' } }))
    .then({ type: 'LeadReopened', data: { leadId, stageVisit: { begins: 2 } } }));
test('reopening needs a reason', () =>
  given(captured, disqualified).when(ReopenLead.of({ leadId })).thenRefused('REASON_REQUIRED'));
test('only a disqualified lead is reopened', () =>
  given(captured, claimed)
    .when(ReopenLead.of({ leadId, reason: { code: 'x' } }))
    .thenRefused('LEAD_NOT_DISQUALIFIED'));

test('an owned lead is converted', () =>
  given(captured, claimed).when(ConvertLead.of({ leadId, customerId })).then(converted));
test('a lead is converted once', () =>
  given(captured, claimed, converted).when(ConvertLead.of({ leadId, customerId })).thenNothing());
test('a lead is not converted into two customers', () =>
  given(captured, claimed, converted)
    .when(ConvertLead.of({ leadId, customerId: lei }))
    .thenRefused('LEAD_ALREADY_CONVERTED'));
test('linking to an existing customer needs a reason', () =>
  given(captured, claimed)
    .when(ConvertLead.of({ leadId, customerId, matchedExisting: true }))
    .thenRefused('REASON_REQUIRED'));

test('a correction names only what changed', () =>
  given(captured)
    .when(CorrectLeadProfile.of({ leadId, profile: { name: '李雷', phone: '13900000000' } }))
    .then({
      type: 'LeadProfileCorrected',
      data: { leadId, changes: [{ field: 'phone', personal: { old: '13800000000', new: '13900000000' } }] },
    }));
test('a correction that changes nothing tells nothing', () =>
  given(captured)
    .when(CorrectLeadProfile.of({ leadId, profile: { name: '李雷' } }))
    .thenNothing());
test('an unknown lead cannot be corrected', () =>
  given()
    .when(CorrectLeadProfile.of({ leadId, profile: {} }))
    .thenRefused('LEAD_UNKNOWN'));

const who = fc.constantFrom(fang, lei);
const reason = fc.constantFrom(undefined, { code: 'because' });
const reasonCode = fc.constantFrom('no_need' as const, 'other' as const);
const anyCommand = fc.oneof(
  { arbitrary: fc.constant(CaptureLead.of({ leadId, poolId, profile: { name: '李雷' } })), weight: 3 },
  { arbitrary: who.map(claim), weight: 2 },
  who.map((assigneeId) => AssignLead.of({ leadId, assigneeId })),
  who.map((toOwner) => TransferLead.of({ leadId, toOwner })),
  reasonCode.map((f) => ReturnLead.of({ leadId, reasonCode: f })),
  fc.integer({ min: 1, max: 20 }).map((thresholdDays) => RecycleLead.of({ leadId, thresholdDays })),
  fc.constant(QualifyLead.of({ leadId })),
  reasonCode.map((f) => DisqualifyLead.of({ leadId, reasonCode: f })),
  reason.map((f) => ReopenLead.of({ leadId, reason: f })),
  fc.constantFrom(customerId, lei).map((f) => ConvertLead.of({ leadId, customerId: f })),
  fc.constantFrom(customerId, lei).map((f) => RequestLeadConversion.of({ leadId, customerId: f })),
  fc.constantFrom(customerId, lei).map((f) => DeclineLeadConversion.of({ leadId, customerId: f, refusal: 'NO' })),
  who.map((of) => SuspectLeadDuplicate.of({ leadId, of, identityId: 'phone-1' })),
  who.map((of) => ClearLeadDuplicate.of({ leadId, of, identityId: 'phone-1' })),
  fc.tuple(who, reason).map(([of, why]) => DismissLeadDuplicate.of({ leadId, of, reason: why })),
  fc.constantFrom('李雷', '韩梅梅').map((name) => CorrectLeadProfile.of({ leadId, profile: { name } })),
);

laws(lead, anyCommand, {});

test.each(['stageVisit', 'ownershipVisit'] as const)('lead: one %s at a time, each begun once and dense', (kind) => {
  fc.assert(
    fc.property(steps(anyCommand), (drawn) => {
      let open: number | undefined;
      let begun = 0;
      for (const { data } of play(lead, drawn, {})) {
        const visit = new Map<string, unknown>(Object.entries(data)).get(kind);
        if (visit === undefined) continue;
        const { ends, begins } = visit as { readonly ends?: number; readonly begins?: number };
        expect(ends).toBe(open);
        if (begins !== undefined) expect(begins).toBe(++begun);
        open = begins;
      }
    }),
  );
});
