import type { DataOf } from '#kernel';
import { contentHash } from '../../content-hash.js';
import type { QuoteEvent } from './quote.events.js';

export type QuoteLine = DataOf<QuoteEvent, 'QuoteLineAdded'>['line'];
export type QuoteTotals = DataOf<QuoteEvent, 'QuoteSubmitted'>['totals'];

/** What a quote comes to (QI5): sums of integers; the rate to six places, absent without all list prices. */
export function totalsOf(lines: readonly QuoteLine[], currency: string): QuoteTotals {
  const total = sum(lines.map(({ lineTotal }) => lineTotal.amount));
  const list = lines.map(({ listPrice, quantity }) => listPrice && listPrice.amount * quantity);
  const known = list.filter((amount) => amount !== undefined);
  if (known.length < lines.length || sum(known) === 0) return { total: { amount: total, currency } };
  const listTotal = sum(known);
  return {
    listTotal: { amount: listTotal, currency },
    total: { amount: total, currency },
    discountRate: discountRateOf(total, listTotal),
  };
}

/** 1 − total ÷ list total, rounded half up (away from zero, as Postgres does) to six places in whole numbers. */
function discountRateOf(total: number, listTotal: number): number {
  const off = listTotal - total;
  const millionths = (BigInt(Math.abs(off)) * 2_000_000n + BigInt(listTotal)) / (2n * BigInt(listTotal));
  return Number(off < 0 ? -millionths : millionths) / 1e6;
}

/** The fingerprint of what is approved: the commercial fields and nothing else (QI1). */
export const hashOf = (currency: string, lines: readonly QuoteLine[], validUntil?: string): string =>
  contentHash({ currency, lines, validUntil });

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
