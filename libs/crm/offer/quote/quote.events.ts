import type { EventOf } from '#kernel';
import { code, currency, date, event, id, instant, integer, list, money, optional, ratio, record, text } from '#kernel';

/** One line of a quote. `lineTotal` = quantity × unitPrice. */
export const quoteLine = record({
  lineId: id,
  productId: id,
  quantity: integer,
  listPrice: optional(money),
  unitPrice: money,
  lineTotal: money,
});

/** `discountRate` = 1 − total ÷ list total, six places; negative means a surcharge; absent without list prices. */
export const quoteTotals = record({ listTotal: optional(money), total: money, discountRate: optional(ratio) });

const decision = { quoteId: id, revision: integer, contentHash: code, deciderId: id };

/** Stored for ever: add optional fields, never rename or remove. Quote 报价. */
export const quoteEvents = {
  QuoteDrafted: event('A quote was begun.', {
    quoteId: id,
    quoteNumber: optional(text),
    customerId: optional(id),
    opportunityId: optional(id),
    ownerId: optional(id),
    currency,
    revision: integer,
  }),
  QuoteLineAdded: event('A line was added to the draft.', { quoteId: id, revision: integer, line: quoteLine }),
  QuoteLineChanged: event('A line of the draft was changed.', {
    quoteId: id,
    revision: integer,
    old: quoteLine,
    new: quoteLine,
  }),
  QuoteLineRemoved: event('A line was removed from the draft.', { quoteId: id, revision: integer, line: quoteLine }),
  QuoteSubmitted: event('The quote was put up for approval; its content is fixed by a hash.', {
    quoteId: id,
    revision: integer,
    contentHash: code,
    submitterId: id,
    approvalCaseId: optional(id),
    totals: quoteTotals,
    validUntil: optional(date),
  }),
  QuoteApproved: event('The submitted content was approved by somebody other than its authors.', {
    quoteId: id,
    opportunityId: optional(id),
    revision: integer,
    contentHash: code,
    approvalCaseId: optional(id),
    flowVersion: optional(integer),
    deciders: list(record({ id, step: integer, decidedAt: instant, delegatedFor: optional(id) })),
    totals: quoteTotals,
    discountRate: optional(ratio),
    marginRate: optional(ratio),
    validUntil: optional(date),
  }),
  QuoteRejected: event('The submitted content was refused.', decision),
  QuoteReturned: event('The quote went back to its author to be changed.', decision),
  QuoteWithdrawn: event('The submitter took the quote back from approval.', { quoteId: id, revision: integer }),
  QuoteRevised: event('A new revision of the quote was begun.', {
    quoteId: id,
    fromRevision: integer,
    toRevision: integer,
  }),
  QuoteAccepted: event('The customer accepted an approved revision.', {
    quoteId: id,
    opportunityId: optional(id),
    revision: integer,
    total: money,
    acceptedOn: date,
  }),
  QuoteExpired: event('The last day passed on which an approved revision could be accepted.', {
    quoteId: id,
    opportunityId: optional(id),
    revision: integer,
    validUntil: date,
  }),
  QuoteVoided: event('The quote counts no longer.', { quoteId: id, revision: integer }),
};

export type QuoteEvent = EventOf<typeof quoteEvents>;
