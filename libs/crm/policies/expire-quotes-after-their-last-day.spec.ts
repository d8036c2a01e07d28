import { test } from '@jest/globals';
import { cancel, schedule, send } from '#kernel';
import { policySpec } from '../../../test/policy-spec.js';
import { ExpireQuote } from '../offer/quote/quote.commands.js';
import type { QuoteEvent } from '../offer/quote/quote.events.js';
import { expireQuotesAfterTheirLastDay } from './expire-quotes-after-their-last-day.policy.js';

const { when, due } = policySpec(expireQuotesAfterTheirLastDay);
const quoteId = '90000000-0000-4000-8000-000000000001';
const totals = { total: { amount: 1, currency: 'CNY' } };
const approved = (validUntil?: string): QuoteEvent => ({
  type: 'QuoteApproved',
  data: { quoteId, revision: 2, contentHash: 'h', deciders: [], totals, validUntil },
});
const deadline = { key: `${quoteId}/2`, at: '2027-01-01T00:00:00.000Z', data: { quoteId, revision: 2 } };

test('an approved revision is looked at when its last day has ended', () =>
  when(approved('2026-12-31'), {}).then(schedule(deadline)));
test('an offer without a last day never expires', () => when(approved(), {}).then());
test('what was accepted does not expire', () =>
  when(
    {
      type: 'QuoteAccepted',
      data: { quoteId, revision: 2, total: totals.total, acceptedOn: '2026-12-01' },
    },
    {},
  ).then(cancel(deadline.key)));
test('then it expires', () => due(deadline, {}).then(send(ExpireQuote.of({ quoteId, revision: 2 }))));
