import type { Policy } from '#kernel';
import { cancel, schedule, send } from '#kernel';
import { ExpireQuote } from '../offer/quote/quote.commands.js';
import type { QuoteEvent } from '../offer/quote/quote.events.js';

interface Offer {
  readonly quoteId: string;
  readonly revision: number;
}

/** QI8: an approved revision that nobody accepted until its last day has expired. */
export const expireQuotesAfterTheirLastDay: Policy<QuoteEvent, Offer> = {
  name: 'expire-quotes-after-their-last-day',
  when: {
    QuoteApproved: ({ data: { quoteId, revision, validUntil } }) =>
      validUntil === undefined
        ? []
        : [schedule({ key: keyOf({ quoteId, revision }), at: endOf(validUntil), data: { quoteId, revision } })],
    QuoteAccepted: ({ data }) => [cancel(keyOf(data))],
    QuoteVoided: ({ data }) => [cancel(keyOf(data))],
  },
  due: ({ data: { quoteId, revision } }) => [send(ExpireQuote.of({ quoteId, revision }))],
};

const keyOf = ({ quoteId, revision }: Offer): string => `${quoteId}/${revision}`;

/** A day ends where the next begins, in UTC like every day of an offer. */
const endOf = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString();
