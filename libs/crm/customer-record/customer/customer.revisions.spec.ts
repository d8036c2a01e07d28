import { expect, test } from '@jest/globals';
import { validate } from 'class-validator';
import { spec } from '../../../../test/spec.js';
import {
  ApproveKeyFieldRevision,
  CorrectCustomerProfile,
  ProposeKeyFieldRevision,
  RejectKeyFieldRevision,
  WithdrawKeyFieldRevision,
} from './customer.commands.js';
import { customer } from './customer.decider.js';
import type { CustomerEvent } from './customer.events.js';

const customerId = 'c0570000-0000-4000-8000-000000000001';
const proposalId = 'b0b00000-0000-4000-8000-000000000001';
const otherProposal = 'b0b00000-0000-4000-8000-000000000002';
const fang = { id: 'e0000000-0000-4000-8000-000000000002', kind: 'human' } as const;
const lei = { id: 'e0000000-0000-4000-8000-000000000003', kind: 'human' } as const;
const byFang = { actor: fang };
const byLei = { actor: lei };
const reason = { code: 'registry_extract' };

const registered: CustomerEvent = {
  type: 'CustomerRegistered',
  data: {
    customerId,
    partyType: 'company',
    profile: { legalName: 'A' },
    classification: { creditLimit: { amount: 100, currency: 'CNY' } },
  },
};
const change = { field: 'legalName', personal: { old: 'A', new: 'B' } };
const proposed: CustomerEvent = {
  type: 'KeyFieldRevisionProposed',
  data: { customerId, proposalId, change, basedOnRevision: 0, proposerId: fang.id },
};
const revised: CustomerEvent = {
  type: 'KeyFieldRevised',
  data: { customerId, proposalId, change, proposerId: fang.id, deciderId: lei.id },
};
const rejected: CustomerEvent = {
  type: 'KeyFieldRevisionRejected',
  data: { customerId, proposalId, field: 'legalName', deciderId: lei.id },
};
const withdrawn: CustomerEvent = {
  type: 'KeyFieldRevisionWithdrawn',
  data: { customerId, proposalId, field: 'legalName' },
};

const { given } = spec(customer, {});
const propose = (value: string, basedOnRevision = 0, id = proposalId) =>
  ProposeKeyFieldRevision.of({ customerId, proposalId: id, field: 'legalName', value, basedOnRevision, reason });
const approve = (id = proposalId) => ApproveKeyFieldRevision.of({ customerId, proposalId: id, reason });
const reject = RejectKeyFieldRevision.of({ customerId, proposalId, reason });
const withdraw = WithdrawKeyFieldRevision.of({ customerId, proposalId });

test('another value is proposed for a key field', () => given(registered).when(propose('B'), byFang).then(proposed));
test('a credit limit is money, and stands in the clear', () =>
  given(registered)
    .when(
      ProposeKeyFieldRevision.of({
        customerId,
        proposalId,
        field: 'creditLimit',
        value: { amount: 500, currency: 'CNY' },
        basedOnRevision: 0,
        reason,
      }),
      byFang,
    )
    .then({
      type: 'KeyFieldRevisionProposed',
      data: {
        customerId,
        proposalId,
        change: {
          field: 'creditLimit',
          old: '{"amount":100,"currency":"CNY"}',
          new: '{"amount":500,"currency":"CNY"}',
        },
        basedOnRevision: 0,
        proposerId: fang.id,
      },
    }));
test('the same proposal twice is one', () => given(registered, proposed).when(propose('B'), byFang).thenNothing());
test('one proposal id does not stand for two proposals', () =>
  given(registered, proposed).when(propose('C'), byFang).thenRefused('PROPOSAL_ALREADY_MADE'));
test('proposing the value that holds proposes nothing', () => given(registered).when(propose('A')).thenNothing());
test('a proposal needs a reason', () =>
  given(registered)
    .when(ProposeKeyFieldRevision.of({ customerId, proposalId, field: 'legalName', value: 'B', basedOnRevision: 0 }))
    .thenRefused('REASON_REQUIRED'));
test('nobody proposes on a revision that is not there yet', () =>
  given(registered).when(propose('B', 1)).thenRefused('PROPOSAL_ON_FUTURE_REVISION', { revision: 0 }));
test('a proposal made in ignorance of another revision is stale (CI2)', () =>
  given(registered, proposed, revised)
    .when(propose('C', 1, otherProposal))
    .thenRefused('PROPOSAL_STALE', { field: 'legalName', basedOnRevision: 1, revisedAt: 2 }));
test('the only name cannot be proposed away', () =>
  given(registered)
    .when(ProposeKeyFieldRevision.of({ customerId, proposalId, field: 'legalName', basedOnRevision: 0, reason }))
    .thenRefused('CUSTOMER_NAME_REQUIRED'));
test('nothing is proposed for an unknown customer', () => given().when(propose('B')).thenRefused('CUSTOMER_UNKNOWN'));

test('somebody else approves, and the field has its new value', () =>
  given(registered, proposed).when(approve(), byLei).then(revised));
test('a proposal is approved once', () => given(registered, proposed, revised).when(approve(), byLei).thenNothing());
test('nobody approves what they proposed (CI1)', () =>
  given(registered, proposed).when(approve(), byFang).thenRefused('PROPOSER_MAY_NOT_DECIDE'));
test('an approval needs a reason', () =>
  given(registered, proposed)
    .when(ApproveKeyFieldRevision.of({ customerId, proposalId }), byLei)
    .thenRefused('REASON_REQUIRED'));
test('of two proposals on one value, the second to be approved is stale (CI2)', () =>
  given(
    registered,
    proposed,
    { ...proposed, data: { ...proposed.data, proposalId: otherProposal } },
    { ...revised, data: { ...revised.data, proposalId: otherProposal } },
  )
    .when(approve(), byLei)
    .thenRefused('PROPOSAL_STALE', { proposalId, basedOnRevision: 0, revisedAt: 3 }));
test('another field, corrected or revised meanwhile, does not make a proposal stale', () =>
  given(registered, proposed, {
    type: 'KeyFieldRevised',
    data: { ...revised.data, proposalId: otherProposal, change: { field: 'level', new: 'gold' } },
  })
    .when(approve(), byLei)
    .then(revised));
test('a withdrawn proposal cannot be approved', () =>
  given(registered, proposed, withdrawn)
    .when(approve(), byLei)
    .thenRefused('PROPOSAL_CLOSED', { status: 'withdrawn' }));
test('only what was proposed is approved', () =>
  given(registered).when(approve(), byLei).thenRefused('PROPOSAL_UNKNOWN'));

test('A to B and back to A in one second are two revisions', () => {
  const backChange = { field: 'legalName', personal: { old: 'B', new: 'A' } };
  const back: CustomerEvent = {
    type: 'KeyFieldRevisionProposed',
    data: { customerId, proposalId: otherProposal, change: backChange, basedOnRevision: 2, proposerId: fang.id },
  };
  given(registered, proposed, revised)
    .when(propose('A', 2, otherProposal), byFang)
    .then(back);
  given(registered, proposed, revised, back)
    .when(approve(otherProposal), byLei)
    .then({
      type: 'KeyFieldRevised',
      data: {
        customerId,
        proposalId: otherProposal,
        change: backChange,
        proposerId: fang.id,
        deciderId: lei.id,
      },
    });
});

test('somebody else rejects', () => given(registered, proposed).when(reject, byLei).then(rejected));
test('a proposal is rejected once', () => given(registered, proposed, rejected).when(reject, byLei).thenNothing());
test('nobody rejects what they proposed', () =>
  given(registered, proposed).when(reject, byFang).thenRefused('PROPOSER_MAY_NOT_DECIDE'));
test('a rejection needs a reason', () =>
  given(registered, proposed)
    .when(RejectKeyFieldRevision.of({ customerId, proposalId }), byLei)
    .thenRefused('REASON_REQUIRED'));
test('what was approved cannot be rejected', () =>
  given(registered, proposed, revised).when(reject, byLei).thenRefused('PROPOSAL_CLOSED', { status: 'approved' }));

test('the proposer takes a proposal back', () => given(registered, proposed).when(withdraw, byFang).then(withdrawn));
test('a proposal is taken back once', () =>
  given(registered, proposed, withdrawn).when(withdraw, byFang).thenNothing());
test('only the proposer takes a proposal back', () =>
  given(registered, proposed).when(withdraw, byLei).thenRefused('NOT_THE_PROPOSER'));
test('what was rejected cannot be taken back', () =>
  given(registered, proposed, rejected).when(withdraw, byFang).thenRefused('PROPOSAL_CLOSED'));

const misfits = async (command: object) =>
  (await validate(command, { whitelist: true, forbidNonWhitelisted: true })).length;
test.each<[string, unknown, number]>([
  ['legalName', 'B', 0],
  ['legalName', undefined, 0],
  ['legalName', '', 1],
  ['legalName', { amount: 1, currency: 'CNY' }, 1],
  ['creditLimit', { amount: 1, currency: 'CNY' }, 0],
  ['creditLimit', { amount: -1, currency: 'CNY' }, 1],
  ['creditLimit', { amount: 1, currency: 'CNY', note: '' }, 1],
  ['creditLimit', '1', 1],
  ['phone', '1', 1],
])('the value of %s may be %j: %i misfits', async (field, value, expected) => {
  const fields = { customerId, proposalId, field, value, basedOnRevision: 0 };
  expect(await misfits(ProposeKeyFieldRevision.of(fields as ProposeKeyFieldRevision))).toBe(expected);
});
test('a key field is no part of an ordinary correction', async () => {
  const fields = { customerId, profile: { legalName: 'B' } } as object as CorrectCustomerProfile;
  expect(await misfits(CorrectCustomerProfile.of(fields))).toBe(1);
});
