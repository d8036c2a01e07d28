import { test } from '@jest/globals';
import { spec } from '../../../../test/spec.js';
import {
  AssignCustomer,
  ClaimCustomer,
  CorrectCustomerProfile,
  RecycleCustomer,
  RegisterCustomer,
  ReturnCustomer,
  TransferCustomer,
} from './customer.commands.js';
import { customer } from './customer.decider.js';
import type { CustomerEvent } from './customer.events.js';

const customerId = 'c0570000-0000-4000-8000-000000000001';
const fang = 'e0000000-0000-4000-8000-000000000002';
const lei = 'e0000000-0000-4000-8000-000000000003';
const poolId = 'b0010000-0000-4000-8000-000000000001';
const otherPool = 'b0010000-0000-4000-8000-000000000002';
const dealId = 'dea10000-0000-4000-8000-000000000001';

const registered: CustomerEvent = {
  type: 'CustomerRegistered',
  data: {
    customerId,
    partyType: 'company',
    profile: { legalName: '华星电子有限公司', phone: '021-5555' },
    classification: { industry: 'electronics', annualRevenue: { amount: 1_000_000, currency: 'CNY' } },
    poolId,
  },
};
const claimed: CustomerEvent = {
  type: 'CustomerClaimed',
  data: { customerId, claimantId: fang, poolId, fromState: 'pooled', ownershipVisit: { begins: 1 } },
};
const returned: CustomerEvent = {
  type: 'CustomerReturned',
  data: { customerId, ownerId: fang, reasonCode: 'no_need', targetPoolId: poolId, ownershipVisit: { ends: 1 } },
};

const { given } = spec(customer, {});
const claim = (claimantId: string) => ClaimCustomer.of({ customerId, claimantId });
const reason = { code: 'handover' };

test('a registered customer lies in its pool, a company unless said otherwise', () =>
  given()
    .when(
      RegisterCustomer.of({
        customerId,
        poolId,
        profile: { legalName: '华星电子有限公司', phone: '021-5555' },
        classification: { industry: 'electronics', annualRevenue: { amount: 1_000_000, currency: 'CNY' } },
      }),
    )
    .then(registered));
test('a customer is registered once', () =>
  given(registered)
    .when(RegisterCustomer.of({ customerId, profile: { shortName: '华星' } }))
    .thenRefused('CUSTOMER_ALREADY_REGISTERED'));
test('a customer has a name', () =>
  given()
    .when(RegisterCustomer.of({ customerId, profile: { phone: '021-5555' } }))
    .thenRefused('CUSTOMER_NAME_REQUIRED'));
test('a customer is not its own parent', () =>
  given()
    .when(RegisterCustomer.of({ customerId, parentId: customerId, profile: { shortName: '华星' } }))
    .thenRefused('CUSTOMER_UNDER_ITSELF'));

test('a pooled customer can be claimed', () => given(registered).when(claim(fang)).then(claimed));
test('claiming the same customer twice changes nothing', () =>
  given(registered, claimed).when(claim(fang)).thenNothing());
test('the loser of a race learns who was first, and when', () =>
  given(registered, { event: claimed, occurredAt: '2026-11-20T01:02:03.000Z' })
    .when(claim(lei))
    .thenRefused('CUSTOMER_ALREADY_CLAIMED', { by: fang, at: '2026-11-20T01:02:03.000Z' }));
test('a returned customer can be claimed again, as its next ownership visit', () =>
  given(registered, claimed, returned)
    .when(claim(lei))
    .then({
      type: 'CustomerClaimed',
      data: { customerId, claimantId: lei, poolId, fromState: 'pooled', ownershipVisit: { begins: 2 } },
    }));
test('an unknown customer cannot be claimed', () => given().when(claim(fang)).thenRefused('CUSTOMER_UNKNOWN'));

test('a pooled customer can be assigned, and the event names who did it', () =>
  given(registered)
    .when(AssignCustomer.of({ customerId, assigneeId: lei }), { actor: { id: fang, kind: 'human' } })
    .then({
      type: 'CustomerAssigned',
      data: { customerId, assigneeId: lei, assignerId: fang, poolId, ownershipVisit: { begins: 1 } },
    }));
test('assigning a customer to its owner changes nothing', () =>
  given(registered, claimed)
    .when(AssignCustomer.of({ customerId, assigneeId: fang }))
    .thenNothing());
test('an owned customer is transferred, not assigned', () =>
  given(registered, claimed)
    .when(AssignCustomer.of({ customerId, assigneeId: lei }))
    .thenRefused('CUSTOMER_ALREADY_CLAIMED'));

test('a transfer ends one ownership visit and begins the next', () =>
  given(registered, claimed)
    .when(TransferCustomer.of({ customerId, toOwner: lei, reason }))
    .then({
      type: 'CustomerTransferred',
      data: {
        customerId,
        fromOwner: fang,
        toOwner: lei,
        reassignFollowUps: false,
        ownershipVisit: { ends: 1, begins: 2 },
      },
    }));
test('another owner needs a reason', () =>
  given(registered, claimed)
    .when(TransferCustomer.of({ customerId, toOwner: lei }))
    .thenRefused('REASON_REQUIRED'));
test('a transfer to the owner changes nothing', () =>
  given(registered, claimed)
    .when(TransferCustomer.of({ customerId, toOwner: fang }))
    .thenNothing());
test('a pooled customer cannot be transferred', () =>
  given(registered)
    .when(TransferCustomer.of({ customerId, toOwner: lei, reason }))
    .thenRefused('CUSTOMER_NOT_OWNED'));

test('an owned customer goes back to its pool', () =>
  given(registered, claimed)
    .when(ReturnCustomer.of({ customerId, reasonCode: 'no_need' }))
    .then(returned));
test('returning for another reason needs words', () =>
  given(registered, claimed)
    .when(ReturnCustomer.of({ customerId, reasonCode: 'other' }))
    .thenRefused('REASON_TEXT_REQUIRED'));
test('a pooled customer is returned already', () =>
  given(registered)
    .when(ReturnCustomer.of({ customerId, reasonCode: 'no_need' }))
    .thenNothing());
test('an unknown customer cannot be returned', () =>
  given()
    .when(ReturnCustomer.of({ customerId, reasonCode: 'no_need' }))
    .thenRefused('CUSTOMER_UNKNOWN'));

const daysLater = (days: number) => ({
  occurredAt: new Date(Date.parse('2026-11-22T08:00:00.000Z') + days * 86_400_000).toISOString(),
});
type Rule = Partial<Pick<RecycleCustomer, 'trigger' | 'openOpportunityIds' | 'lastContractEnd' | 'targetPoolId'>> &
  Partial<Pick<RecycleCustomer, 'lastQualifyingActivityAt'>>;
const recycle = (rule: Rule = {}) =>
  RecycleCustomer.of({ customerId, trigger: 'no_follow_up', thresholdDays: 7, ...rule });

test('an idle customer is recycled, counted from taking it when nobody followed up (LI7)', () =>
  given(registered, claimed)
    .when(recycle({ openOpportunityIds: [dealId], targetPoolId: otherPool }), daysLater(7))
    .then({
      type: 'CustomerRecycled',
      data: {
        customerId,
        previousOwnerId: fang,
        targetPoolId: otherPool,
        basis: { trigger: 'no_follow_up', idleDays: 7, threshold: 7, openOpportunityIds: [dealId] },
        ownershipVisit: { ends: 1 },
      },
    }));
test('a customer is not recycled a day too early', () =>
  given(registered, claimed).when(recycle(), daysLater(6)).thenRefused('CUSTOMER_STILL_ACTIVE', { idleDays: 6 }));
test('a later activity keeps the customer', () =>
  given(registered, claimed)
    .when(recycle({ lastQualifyingActivityAt: daysLater(5).occurredAt }), daysLater(8))
    .thenRefused('CUSTOMER_STILL_ACTIVE', { idleDays: 3 }));
test('an open opportunity keeps a customer that must have one', () =>
  given(registered, claimed)
    .when(recycle({ trigger: 'no_opportunity', openOpportunityIds: [dealId] }), daysLater(90))
    .thenRefused('CUSTOMER_STILL_ACTIVE', { openOpportunityIds: [dealId] }));
test('days after a contract are counted from the end of its last day', () =>
  given(registered, claimed)
    .when(recycle({ trigger: 'contract_ended', lastContractEnd: '2026-11-30' }), daysLater(15))
    .thenRefused('CUSTOMER_STILL_ACTIVE', { idleDays: 6 }));
test('without a contract none has ended', () =>
  given(registered, claimed)
    .when(recycle({ trigger: 'contract_ended' }), daysLater(90))
    .thenRefused('CONTRACT_END_REQUIRED'));
test('a protected customer is not recycled (LI8)', () =>
  given(registered, { ...claimed, data: { ...claimed.data, protectedUntil: daysLater(30).occurredAt } })
    .when(recycle(), daysLater(8))
    .thenRefused('CUSTOMER_PROTECTED'));
test('a pooled customer is recycled already', () => given(registered).when(recycle(), daysLater(9)).thenNothing());

const correct = (fields: Partial<Pick<CorrectCustomerProfile, 'profile' | 'classification'>>) =>
  CorrectCustomerProfile.of({ customerId, reason: { code: 'call' }, ...fields });

test('a correction names only what changed: of the party itself under its key, the rest in the clear', () =>
  given(registered)
    .when(
      correct({
        profile: { phone: '021-6666', website: 'huaxing.example' },
        classification: {
          industry: 'electronics',
          employeeCount: 40,
          annualRevenue: { currency: 'CNY', amount: 2_000_000 },
        },
      }),
    )
    .then({
      type: 'CustomerProfileCorrected',
      data: {
        customerId,
        changes: [
          { field: 'phone', personal: { old: '021-5555', new: '021-6666' } },
          { field: 'website', personal: { new: 'huaxing.example' } },
          { field: 'employeeCount', new: '40' },
          {
            field: 'annualRevenue',
            old: '{"amount":1000000,"currency":"CNY"}',
            new: '{"amount":2000000,"currency":"CNY"}',
          },
        ],
      },
    }));
test('a correction can take a value away', () =>
  given(registered)
    .when(correct({ profile: { phone: null, email: null } }))
    .then({
      type: 'CustomerProfileCorrected',
      data: { customerId, changes: [{ field: 'phone', personal: { old: '021-5555' } }] },
    }));
test('another phone gives back the one that the customer was known by, each under the event that brought it', () => {
  const known = { ...registered, data: { ...registered.data, identities: ['phone-1', 'email-1'] } };
  const corrected = (
    old: string,
    phone: string,
    formerly: string,
    at: number,
    identities?: string[],
  ): CustomerEvent => ({
    type: 'CustomerProfileCorrected',
    data: {
      customerId,
      changes: [{ field: 'phone', personal: { old, new: phone } }],
      identities,
      formerIdentities: [{ identityId: formerly, reservationId: `event-${at}` }],
    },
  });
  given(known)
    .when(correct({ profile: { phone: '021-6666' } }))
    .then(corrected('021-5555', '021-6666', 'phone-1', 0));
  given(known, corrected('021-5555', '021-6666', 'phone-1', 0, ['phone-2']))
    .when(correct({ profile: { phone: '021-7777' } }))
    .then(corrected('021-6666', '021-7777', 'phone-2', 1));
  given(known)
    .when(correct({ profile: { website: 'huaxing.example' } }))
    .then({
      type: 'CustomerProfileCorrected',
      data: { customerId, changes: [{ field: 'website', personal: { new: 'huaxing.example' } }] },
    });
});
test('a correction that changes nothing tells nothing', () =>
  given(registered)
    .when(correct({ profile: { phone: '021-5555' }, classification: { industry: 'electronics' } }))
    .thenNothing());
test('a correction needs a reason', () =>
  given(registered)
    .when(CorrectCustomerProfile.of({ customerId, profile: { phone: '021-6666' } }))
    .thenRefused('REASON_REQUIRED'));
test('the last name cannot be taken away', () =>
  given({ ...registered, data: { ...registered.data, profile: { shortName: '华星' } } })
    .when(correct({ profile: { shortName: null } }))
    .thenRefused('CUSTOMER_NAME_REQUIRED'));
test('an unknown customer cannot be corrected', () =>
  given()
    .when(correct({ profile: { phone: '1' } }))
    .thenRefused('CUSTOMER_UNKNOWN'));
