import type { EventOf } from '#kernel';
import { date, event, id, list, money, optional, text } from '#kernel';
import { fieldChange } from '../../common.events.js';

/** Stored for ever: add optional fields, never rename or remove. Product 产品. */
export const productEvents = {
  ProductListed: event('A product can be sold from now on.', {
    productId: id,
    productNumber: optional(text),
    name: text,
    series: optional(text),
    listPrice: optional(money),
  }),
  ProductRevised: event('Fields of the product were changed.', {
    productId: id,
    changes: list(fieldChange('product', 'productId')),
  }),
  PriceSet: event('The product got another list price.', {
    productId: id,
    old: optional(money),
    new: money,
    validFrom: optional(date),
  }),
  ProductRetired: event('The product is no longer sold.', { productId: id }),
};

export type ProductEvent = EventOf<typeof productEvents>;
