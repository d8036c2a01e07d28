import { test } from '@jest/globals';
import type { FieldsOf } from '#event-store';
import type { Actor, Money } from '#kernel';
import {
  abandoned,
  atOffer,
  customerId,
  evidence,
  lei,
  lost,
  opened,
  openedWith,
  opportunityId,
  processWith,
  quoteId,
  reopened,
  won,
  wonWith,
  yuan,
} from '../../../../test/samples/opportunity.js';
import { spec } from '../../../../test/spec.js';
import {
  AbandonOpportunity,
  LoseOpportunity,
  ReopenOpportunity,
  ReviseAmount,
  WinOpportunity,
} from './opportunity.commands.js';
import { opportunity } from './opportunity.decider.js';

const { given } = spec(opportunity, processWith());
const actor: Actor = { id: 'import', kind: 'import' };
const win = (fields: Partial<FieldsOf<WinOpportunity>> = {}) => WinOpportunity.of({ opportunityId, ...fields });
/** The history up to the offer, of an opportunity that was opened without what is not given. */
const offered = (known: { customerId?: string; amount?: Money }) => [
  openedWith({ customerId: undefined, amount: undefined, ...known }),
  ...atOffer.slice(1),
];

test('a deal is won at its expected amount, on the day of the command', () =>
  given(...atOffer)
    .when(win())
    .then(won));
test('a deal is won at another amount, on another day, with a quote', () =>
  given(...atOffer)
    .when(win({ finalAmount: yuan(450_00), closedOn: '2026-11-20', quoteId, quoteRevision: 2 }))
    .then(wonWith({ finalAmount: yuan(450_00), closedOn: '2026-11-20', quoteId, quoteRevision: 2 })));
test('a deal is won once', () =>
  given(...atOffer, won)
    .when(win())
    .thenNothing());
test('a lost deal is not won before it is reopened', () =>
  given(...atOffer, lost)
    .when(win())
    .thenRefused('OPPORTUNITY_CLOSED', { status: 'lost' }));
test('a win needs an amount above zero', () => {
  given(...offered({ customerId }))
    .when(win())
    .thenRefused('AMOUNT_REQUIRED');
  given(...atOffer)
    .when(win({ finalAmount: yuan(0) }))
    .thenRefused('AMOUNT_REQUIRED');
});
test('a win needs a customer, who may be named with it', () => {
  const nobody = offered({ amount: yuan(500_00) });
  given(...nobody)
    .when(win())
    .thenRefused('CUSTOMER_REQUIRED');
  given(...nobody)
    .when(win({ customerId }))
    .then(won);
  given(...atOffer)
    .when(win({ customerId: lei }))
    .thenRefused('CUSTOMER_DIFFERS', { customerId });
});
test('an imported win may leave customer and amount unknown, and invents none', () => {
  const unknown = wonWith({ customerId: undefined, finalAmount: undefined });
  given(...offered({ amount: yuan(500_00) }))
    .when(win(), { actor })
    .then(unknown);
  given(...offered({}))
    .when(win({ finalAmount: yuan(0) }), { actor })
    .thenRefused('AMOUNT_REQUIRED');
});
test('a win leaves the stage by the rules of leaving it', () => {
  given(opened)
    .when(win())
    .thenRefused('EXIT_CRITERIA_NOT_MET', { missing: ['need', 'shown'] });
  given(opened, evidence('contact', 'need'))
    .when(win(), { facts: processWith({ allowSkip: false }) })
    .thenRefused('STAGES_MUST_NOT_BE_SKIPPED', { skippedStageIds: ['demo', 'offer'] });
});

const lose = LoseOpportunity.of({ opportunityId, reasonCode: 'price' });
test('a deal is lost for a reason', () =>
  given(...atOffer)
    .when(lose)
    .then(lost));
test('a deal is lost once', () =>
  given(...atOffer, lost)
    .when(lose)
    .thenNothing());
test('losing for another reason needs words', () =>
  given(...atOffer)
    .when(LoseOpportunity.of({ opportunityId, reasonCode: 'other' }))
    .thenRefused('REASON_TEXT_REQUIRED'));
test('a won deal is not lost before it is reopened', () =>
  given(...atOffer, won)
    .when(lose)
    .thenRefused('OPPORTUNITY_CLOSED'));

const abandon = AbandonOpportunity.of({ opportunityId });
test('an opportunity is given up', () =>
  given(...atOffer)
    .when(abandon)
    .then(abandoned));
test('an opportunity is given up once', () =>
  given(...atOffer, abandoned)
    .when(abandon)
    .thenNothing());
test('an unknown opportunity is not given up', () => given().when(abandon).thenRefused('OPPORTUNITY_UNKNOWN'));

const reopen = (fields: Partial<FieldsOf<ReopenOpportunity>> = { reason: { code: 'mistake' } }) =>
  ReopenOpportunity.of({ opportunityId, ...fields });
test.each([
  ['won', won],
  ['lost', lost],
  ['abandoned', abandoned],
])('reopening what was %s names the closing that it voids and begins the next visit', (_, closed) =>
  given(...atOffer, closed)
    .when(reopen())
    .then(reopened('event-4')),
);
test('reopening an open one changes nothing', () =>
  given(...atOffer)
    .when(reopen())
    .thenNothing());
test('reopening needs a reason', () =>
  given(...atOffer, won)
    .when(reopen({}))
    .thenRefused('REASON_REQUIRED'));
test('reopening needs a person', () =>
  given(...atOffer, won)
    .when(reopen(), { actor: { id: 'policy', kind: 'system' } })
    .thenRefused('PERSON_REQUIRED'));
test('reopening goes to an open stage', () =>
  given(...atOffer, won)
    .when(reopen({ reason: { code: 'mistake' }, toStageId: 'lost' }))
    .thenRefused('STAGE_NOT_OPEN'));
test('the window ends after its last day', () => {
  const facts = processWith({ reopenWindowDays: 30 });
  given(...atOffer, won)
    .when(reopen(), { facts, occurredAt: '2026-12-22T23:59:59.999Z' })
    .then(reopened('event-4'));
  given(...atOffer, won)
    .when(reopen(), { facts, occurredAt: '2026-12-23T00:00:00.000Z' })
    .thenRefused('REOPEN_WINDOW_OVER', { closedOn: '2026-11-22', windowDays: 30 });
});
test('a deal won again counts its second closing', () =>
  given(...atOffer, lost, reopened('event-4'))
    .when(win())
    .then(wonWith({ closing: 2, stageVisit: { ends: 3 } })));
test('the currency of a quote that won the deal stays', () =>
  given(...atOffer, wonWith({ quoteId }), reopened('event-4'))
    .when(ReviseAmount.of({ opportunityId, amount: { amount: 1, currency: 'EUR' } }))
    .thenRefused('CURRENCY_FIXED', { currency: 'CNY' }));
