import type { Money } from '#kernel';

/** A list price and the first day it holds; without a day it always has. */
export interface ListPrice {
  readonly price: Money;
  readonly validFrom?: string;
}

/** The prices with one more, in the order of their days; it replaces another of the same day. */
export const withPrice = (prices: readonly ListPrice[], added: ListPrice): readonly ListPrice[] =>
  [...prices.filter(({ validFrom }) => validFrom !== added.validFrom), added].sort((one, other) =>
    firstDay(one) < firstDay(other) ? -1 : 1,
  );

/** The list price that holds on a day, if one is known. */
export const listPriceOn = (prices: readonly ListPrice[], day: string): Money | undefined =>
  prices.findLast((price) => firstDay(price) <= day)?.price;

const firstDay = ({ validFrom = '' }: ListPrice) => validFrom;
