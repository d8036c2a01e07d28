import type { Reservations } from '#event-store';
import { numberOf } from '../../numbering.reservations.js';
import type { QuoteFacts } from './quote.decider.js';
import type { QuoteEvent } from './quote.events.js';
import type { Quote } from './quote.state.js';

/** What a quote's events need elsewhere before they are written. */
export const quoteReservations: Reservations<Quote, QuoteEvent, QuoteFacts> = {
  QuoteDrafted: ({ quoteId, quoteNumber }, about) => numberOf('quoteNumber', quoteId, quoteNumber, about),
};
