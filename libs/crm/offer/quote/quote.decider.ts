import type { Actor, Context, DataOf, Decider } from '#kernel';
import { dayOf } from '../../days.js';
import { isPerson } from '../../people.js';
import { heldOn } from '../../timeline.js';
import type { Product } from '../product/product.decider.js';
import type * as commands from './quote.commands.js';
import type { QuoteEvent } from './quote.events.js';
import { quoteEvents } from './quote.events.js';
import type { Known, Quote } from './quote.state.js';
import { as, base, inApproval, inDraft, isKnown, known, lineIn, refusal, withExpired } from './quote.state.js';
import type { QuoteLine } from './quote.totals.js';
import { hashOf, totalsOf } from './quote.totals.js';

/** The product that a line is about, folded from its stream. */
export interface QuoteFacts {
  readonly product?: Product;
}

type QuoteContext = Context<QuoteFacts>;

/** Quote 报价: lines at prices, approved by somebody other than their authors, accepted while valid. */
export const quote: Decider<Quote, QuoteEvent, typeof commands, QuoteFacts> = {
  name: 'quote',
  events: quoteEvents,
  initial: { status: 'unknown' },
  idOf: ({ quoteId }) => quoteId,
  ownerOf: (quote) => (isKnown(quote) ? quote.ownerId : undefined),
  decide: {
    DraftQuote: (quote, { quoteId, quoteNumber, customerId, opportunityId, currency, ...command }, { actor }) => {
      if (isKnown(quote)) throw refusal('QUOTE_ALREADY_DRAFTED', { quoteId });
      const ownerId = command.ownerId ?? (actor.kind === 'human' ? actor.id : undefined);
      const data = { quoteId, quoteNumber, customerId, opportunityId, ownerId, currency, revision: 1 };
      return [{ type: 'QuoteDrafted', data }];
    },
    AddQuoteLine: (quote, { quoteId, lineId, productId, quantity, unitPrice }, context) => {
      const draft = inDraft(quote, quoteId);
      const wanted = { lineId, productId, quantity, unitPrice };
      const present = draft.lines.find((one) => one.lineId === lineId);
      if (present && isSameLine(present, wanted)) return [];
      if (present) throw refusal('QUOTE_LINE_EXISTS', { quoteId, lineId });
      const line = lineFor(draft, wanted, context);
      return [{ type: 'QuoteLineAdded', data: { quoteId, revision: draft.revision, line } }];
    },
    ChangeQuoteLine: (quote, { quoteId, lineId, quantity, unitPrice }, context) => {
      const draft = inDraft(quote, quoteId);
      const old = lineIn(draft, lineId);
      const wanted = { ...old, quantity: quantity ?? old.quantity, unitPrice: unitPrice ?? old.unitPrice };
      if (isSameLine(old, wanted)) return [];
      const line = lineFor(draft, wanted, context);
      return [{ type: 'QuoteLineChanged', data: { quoteId, revision: draft.revision, old, new: line } }];
    },
    RemoveQuoteLine: (quote, { quoteId, lineId }) => {
      const draft = inDraft(quote, quoteId);
      const line = draft.lines.find((one) => one.lineId === lineId);
      return line ? [{ type: 'QuoteLineRemoved', data: { quoteId, revision: draft.revision, line } }] : [];
    },
    SubmitQuote: (quote, { quoteId, submitterId, validUntil }, { actor }) => {
      if (quote.status === 'submitted') return [];
      const { revision, lines, currency } = inDraft(quote, quoteId);
      if (lines.length === 0) throw refusal('QUOTE_EMPTY', { quoteId });
      const totals = totalsOf(lines, currency);
      if (![totals.total, totals.listTotal ?? totals.total].every(({ amount }) => Number.isSafeInteger(amount)))
        throw refusal('QUOTE_TOO_LARGE', { quoteId });
      const contentHash = hashOf(currency, lines, validUntil);
      const submitter = submitterId ?? actor.id;
      return [
        {
          type: 'QuoteSubmitted',
          data: { quoteId, revision, contentHash, submitterId: submitter, totals, validUntil },
        },
      ];
    },
    ApproveQuote: (quote, command, { actor, occurredAt }) => {
      if (quote.status === 'approved') return [];
      const { quoteId } = command;
      const { submission, revision, opportunityId, ...submitted } = decidable(quote, command);
      const { contentHash, totals, validUntil, submitterId } = submission;
      const decider = deciderFor(actor, command);
      if (decider !== undefined && [submitterId, submitted.ownerId, ...submitted.authors].includes(decider))
        throw refusal('APPROVER_IS_AUTHOR', { quoteId, deciderId: decider });
      const deciders = decider === undefined ? [] : [{ id: decider, step: 1, decidedAt: occurredAt }];
      const { discountRate } = totals;
      const content = { contentHash, totals, discountRate, validUntil };
      return [{ type: 'QuoteApproved', data: { quoteId, opportunityId, revision, deciders, ...content } }];
    },
    RejectQuote: (quote, command, { actor }) => {
      if (quote.status === 'rejected') return [];
      return [{ type: 'QuoteRejected', data: turnedDown(quote, command, actor) }];
    },
    ReturnQuote: (quote, command, { actor }) => {
      if (quote.status === 'draft' && quote.since === 'returned') return [];
      return [{ type: 'QuoteReturned', data: turnedDown(quote, command, actor) }];
    },
    WithdrawQuote: (quote, { quoteId }) => {
      if (quote.status === 'draft') return [];
      return [{ type: 'QuoteWithdrawn', data: { quoteId, revision: inApproval(quote, quoteId).revision } }];
    },
    ReviseQuote: (quote, { quoteId }) => {
      if (quote.status === 'draft') return [];
      const { status, revision } = known(quote, quoteId);
      if (status === 'submitted') throw refusal('QUOTE_NOT_DECIDED', { quoteId });
      if (status === 'accepted' || status === 'voided') throw refusal('QUOTE_CLOSED', { quoteId, status });
      return [{ type: 'QuoteRevised', data: { quoteId, fromRevision: revision, toRevision: revision + 1 } }];
    },
    AcceptQuote: (quote, { quoteId, revision, acceptedOn }, { occurredAt }) => {
      const { approved, opportunityId, ...present } = known(quote, quoteId);
      if (present.status === 'accepted' && (revision ?? present.acceptedRevision) === present.acceptedRevision)
        return [];
      if (present.status === 'accepted')
        throw refusal('QUOTE_ALREADY_ACCEPTED', { quoteId, revision: present.acceptedRevision });
      if (present.status === 'voided') throw refusal('QUOTE_CLOSED', { quoteId, status: present.status });
      const offer = revision === undefined ? approved.at(-1) : approved.find((one) => one.revision === revision);
      if (offer === undefined)
        throw refusal('QUOTE_REVISION_NOT_APPROVED', { quoteId, revision: revision ?? present.revision });
      const day = acceptedOn ?? dayOf(occurredAt);
      if (offer.validUntil !== undefined && day > offer.validUntil)
        throw refusal('QUOTE_EXPIRED', { quoteId, revision: offer.revision, validUntil: offer.validUntil });
      const { total } = offer;
      return [
        { type: 'QuoteAccepted', data: { quoteId, opportunityId, revision: offer.revision, total, acceptedOn: day } },
      ];
    },
    ExpireQuote: (quote, { quoteId, revision }, { occurredAt }) => {
      const { status, approved, opportunityId } = known(quote, quoteId);
      if (status === 'accepted' || status === 'voided') return [];
      const offer = approved.find((one) => one.revision === revision);
      if (offer === undefined) throw refusal('QUOTE_REVISION_NOT_APPROVED', { quoteId, revision });
      if (offer.hasExpired === true) return [];
      const { validUntil } = offer;
      if (validUntil === undefined || dayOf(occurredAt) <= validUntil)
        throw refusal('QUOTE_STILL_VALID', { quoteId, revision, validUntil });
      return [{ type: 'QuoteExpired', data: { quoteId, opportunityId, revision, validUntil } }];
    },
    VoidQuote: (quote, { quoteId }) => {
      const { status, revision } = known(quote, quoteId);
      if (status === 'voided') return [];
      if (status === 'accepted') throw refusal('QUOTE_CLOSED', { quoteId, status });
      return [{ type: 'QuoteVoided', data: { quoteId, revision } }];
    },
  },
  evolve: {
    QuoteDrafted: (_, { quoteId, opportunityId, ownerId, currency, revision }, { actor }) => ({
      status: 'draft',
      since: 'drafted',
      quoteId,
      opportunityId,
      ownerId,
      currency,
      revision,
      lines: [],
      authors: withAuthor([], actor),
      approved: [],
    }),
    QuoteLineAdded: (quote, { line }, { actor }) => edited(quote, actor, (lines) => [...lines, line]),
    QuoteLineChanged: (quote, { new: line }, { actor }) =>
      edited(quote, actor, (lines) => lines.map((one) => (one.lineId === line.lineId ? line : one))),
    QuoteLineRemoved: (quote, { line }, { actor }) =>
      edited(quote, actor, (lines) => lines.filter(({ lineId }) => lineId !== line.lineId)),
    QuoteSubmitted: (quote, { contentHash, submitterId, totals, validUntil }, { actor }) =>
      isKnown(quote)
        ? {
            ...base(quote),
            status: 'submitted',
            authors: withAuthor(quote.authors, actor),
            submission: { contentHash, submitterId, totals, validUntil },
          }
        : quote,
    QuoteApproved: (quote, { revision, totals, validUntil }) =>
      isKnown(quote)
        ? {
            ...base(quote),
            status: 'approved',
            approved: [...quote.approved, { revision, total: totals.total, validUntil }],
          }
        : quote,
    QuoteRejected: (quote) => as('rejected', quote),
    QuoteReturned: (quote) => (isKnown(quote) ? { ...base(quote), status: 'draft', since: 'returned' } : quote),
    QuoteWithdrawn: (quote) => (isKnown(quote) ? { ...base(quote), status: 'draft', since: 'withdrawn' } : quote),
    QuoteRevised: (quote, { toRevision: revision }, { actor }) =>
      isKnown(quote)
        ? { ...base(quote), status: 'draft', since: 'drafted', revision, authors: withAuthor([], actor) }
        : quote,
    QuoteAccepted: (quote, { revision }) =>
      isKnown(quote) ? { ...base(quote), status: 'accepted', acceptedRevision: revision } : quote,
    QuoteExpired: (quote, { revision }) => (isKnown(quote) ? withExpired(quote, revision) : quote),
    QuoteVoided: (quote) => as('voided', quote),
  },
};

type LineRequest = Pick<QuoteLine, 'lineId' | 'productId' | 'quantity' | 'unitPrice'>;

/** A line at the list price that holds on the day; one in another currency cannot be compared and is left out. */
function lineFor({ quoteId, currency }: Known, wanted: LineRequest, { facts, occurredAt }: QuoteContext): QuoteLine {
  const { lineId, productId, quantity, unitPrice } = wanted;
  const { product } = facts;
  if (product?.status !== 'listed') throw refusal('PRODUCT_NOT_FOR_SALE', { quoteId, productId });
  if (unitPrice.currency !== currency)
    throw refusal('CURRENCY_MISMATCH', { quoteId, currency, given: unitPrice.currency });
  const amount = unitPrice.amount * quantity;
  if (!Number.isSafeInteger(amount)) throw refusal('QUOTE_TOO_LARGE', { quoteId });
  const price = heldOn(product.prices, dayOf(occurredAt));
  const listPrice = price?.currency === currency ? price : undefined;
  const money = { amount: unitPrice.amount, currency };
  return { lineId, productId, quantity, listPrice, unitPrice: money, lineTotal: { amount, currency } };
}

const isSameLine = (one: QuoteLine, other: LineRequest): boolean =>
  one.productId === other.productId &&
  one.quantity === other.quantity &&
  one.unitPrice.amount === other.unitPrice.amount &&
  one.unitPrice.currency === other.unitPrice.currency;

type Decision = commands.ApproveQuote | commands.RejectQuote | commands.ReturnQuote;

/** What was submitted, if it still is what the decider saw (QI1). */
function decidable(quote: Quote, { quoteId, contentHash }: Decision) {
  const submitted = inApproval(quote, quoteId);
  const present = submitted.submission.contentHash;
  if (contentHash !== undefined && contentHash !== present)
    throw refusal('QUOTE_CONTENT_CHANGED', { quoteId, contentHash: present });
  return submitted;
}

/**
 * People decide for themselves and machines never: they name the person.
 * An import that does not know who decided leaves it unknown.
 */
function deciderFor(actor: Actor, { quoteId, deciderId }: Decision): string | undefined {
  if (actor.kind === 'human' && deciderId !== undefined && deciderId !== actor.id)
    throw refusal('DECIDER_IS_NOT_ACTOR', { quoteId, deciderId });
  if (deciderId === undefined && !isPerson(actor)) throw refusal('PERSON_REQUIRED', { quoteId });
  return deciderId ?? (actor.kind === 'import' ? undefined : actor.id);
}

function turnedDown(
  quote: Quote,
  command: commands.RejectQuote | commands.ReturnQuote,
  actor: Actor,
): DataOf<QuoteEvent, 'QuoteRejected'> {
  const { quoteId, reason } = command;
  const { revision, submission } = decidable(quote, command);
  if (reason === undefined) throw refusal('REASON_REQUIRED', { quoteId });
  const deciderId = deciderFor(actor, command) ?? actor.id;
  return { quoteId, revision, contentHash: submission.contentHash, deciderId };
}

function edited(quote: Quote, actor: Actor, change: (lines: readonly QuoteLine[]) => readonly QuoteLine[]): Quote {
  if (!isKnown(quote)) return quote;
  return { ...quote, lines: change(quote.lines), authors: withAuthor(quote.authors, actor) };
}

/** What an import writes down, somebody else had done before. */
const withAuthor = (authors: readonly string[], { id, kind }: Actor): readonly string[] =>
  kind === 'import' || authors.includes(id) ? authors : [...authors, id];
