import type { Money } from '#kernel';
import { Refusal } from '#kernel';
import type { QuoteLine, QuoteTotals } from './quote.totals.js';

export type QuoteRefusal =
  | 'QUOTE_UNKNOWN'
  | 'QUOTE_ALREADY_DRAFTED'
  | 'QUOTE_NOT_A_DRAFT'
  | 'QUOTE_NOT_SUBMITTED'
  | 'QUOTE_NOT_DECIDED'
  | 'QUOTE_EMPTY'
  | 'QUOTE_CLOSED'
  | 'QUOTE_EXPIRED'
  | 'QUOTE_STILL_VALID'
  | 'QUOTE_REVISION_NOT_APPROVED'
  | 'QUOTE_ALREADY_ACCEPTED'
  | 'QUOTE_LINE_EXISTS'
  | 'QUOTE_LINE_UNKNOWN'
  | 'QUOTE_TOO_LARGE'
  | 'QUOTE_CONTENT_CHANGED'
  | 'PRODUCT_NOT_FOR_SALE'
  | 'CURRENCY_MISMATCH'
  | 'APPROVER_IS_AUTHOR'
  | 'DECIDER_IS_NOT_ACTOR'
  | 'PERSON_REQUIRED'
  | 'REASON_REQUIRED';

interface Submission {
  readonly contentHash: string;
  readonly submitterId: string;
  readonly totals: QuoteTotals;
  readonly validUntil?: string;
}

interface Approved {
  readonly revision: number;
  readonly total: Money;
  readonly validUntil?: string;
  /** Its last day has passed; what was accepted before may still be told. */
  readonly hasExpired?: true;
}

export interface Known {
  readonly quoteId: string;
  readonly opportunityId?: string;
  readonly ownerId?: string;
  readonly currency: string;
  readonly revision: number;
  readonly lines: readonly QuoteLine[];
  /** Everybody who began, changed or submitted this revision: none of them may approve it (QI2). */
  readonly authors: readonly string[];
  /** Approved revisions that may still be accepted, oldest first (QI7). */
  readonly approved: readonly Approved[];
}

export type Quote =
  | { readonly status: 'unknown' }
  | (Known & { readonly status: 'draft'; readonly since: 'drafted' | 'returned' | 'withdrawn' })
  | (Known & { readonly status: 'rejected' | 'approved' | 'expired' | 'voided' })
  | (Known & { readonly status: 'submitted'; readonly submission: Submission })
  | (Known & { readonly status: 'accepted'; readonly acceptedRevision: number });

export type KnownQuote = Exclude<Quote, { status: 'unknown' }>;
export const refusal = (code: QuoteRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<QuoteRefusal>(code, details);
export const isKnown = (quote: Quote): quote is KnownQuote => quote.status !== 'unknown';

export function known(quote: Quote, quoteId: string): KnownQuote {
  if (isKnown(quote)) return quote;
  throw refusal('QUOTE_UNKNOWN', { quoteId });
}

export function inDraft(quote: Quote, quoteId: string): KnownQuote {
  const present = known(quote, quoteId);
  if (present.status === 'draft') return present;
  throw refusal('QUOTE_NOT_A_DRAFT', { quoteId, status: present.status });
}

export function inApproval(quote: Quote, quoteId: string): Extract<Quote, { status: 'submitted' }> {
  const present = known(quote, quoteId);
  if (present.status === 'submitted') return present;
  throw refusal('QUOTE_NOT_SUBMITTED', { quoteId, status: present.status });
}

export function lineIn({ quoteId, lines }: Known, lineId: string): QuoteLine {
  const line = lines.find((one) => one.lineId === lineId);
  if (line) return line;
  throw refusal('QUOTE_LINE_UNKNOWN', { quoteId, lineId });
}

export const base = ({
  quoteId,
  opportunityId,
  ownerId,
  currency,
  revision,
  lines,
  authors,
  approved,
}: KnownQuote): Known => ({
  quoteId,
  opportunityId,
  ownerId,
  currency,
  revision,
  lines,
  authors,
  approved,
});

export const as = (status: 'rejected' | 'voided', quote: Quote): Quote =>
  isKnown(quote) ? { ...base(quote), status } : quote;

/** The revision is marked; the quote itself has expired when this was what it stood on. */
export function withExpired(quote: KnownQuote, revision: number): Quote {
  const approved = quote.approved.map((one) =>
    one.revision === revision ? { ...one, hasExpired: true as const } : one,
  );
  const isStandingOnIt = quote.status === 'approved' && quote.revision === revision;
  return isStandingOnIt ? { ...base(quote), status: 'expired', approved } : { ...quote, approved };
}
