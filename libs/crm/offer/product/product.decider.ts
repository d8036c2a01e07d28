import type { Decider, Money } from '#kernel';
import { Refusal } from '#kernel';
import { dayOf } from '../../days.js';
import { changesBetween } from '../../field-changes.js';
import type { Since } from '../../timeline.js';
import { held, heldOn } from '../../timeline.js';
import type * as commands from './product.commands.js';
import type { ProductEvent } from './product.events.js';
import { productEvents } from './product.events.js';

export type ProductRefusal = 'PRODUCT_UNKNOWN' | 'PRODUCT_ALREADY_LISTED' | 'PRODUCT_RETIRED';

interface Details {
  readonly productNumber?: string;
  readonly name?: string;
  readonly series?: string;
}

export type Product =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'listed' | 'retired';
      readonly productId: string;
      readonly details: Details;
      /** In the order of their days, one a day. */
      readonly prices: readonly Since<Money>[];
    };

type KnownProduct = Exclude<Product, { status: 'unknown' }>;

/** Product 产品: what can be sold, with the list prices that hold from one day on. */
export const product: Decider<Product, ProductEvent, typeof commands> = {
  name: 'product',
  events: productEvents,
  initial: { status: 'unknown' },
  idOf: ({ productId }) => productId,
  decide: {
    ListProduct: (product, { productId, productNumber, name, series, listPrice }) => {
      if (isKnown(product)) throw refusal('PRODUCT_ALREADY_LISTED', { productId });
      return [{ type: 'ProductListed', data: { productId, productNumber, name, series, listPrice } }];
    },
    ReviseProduct: (product, { productId, productNumber, name, series }) => {
      const { details } = onSale(product, productId);
      const changes = changesBetween(details, { productNumber, name, series }, 'clear');
      return changes.length === 0 ? [] : [{ type: 'ProductRevised', data: { productId, changes } }];
    },
    SetPrice: (product, { productId, price, validFrom }, { occurredAt }) => {
      const old = heldOn(onSale(product, productId).prices, validFrom ?? dayOf(occurredAt));
      if (old !== undefined && isSame(old, price)) return [];
      return [{ type: 'PriceSet', data: { productId, old, new: price, validFrom } }];
    },
    RetireProduct: (product, { productId }) => {
      if (product.status === 'retired') return [];
      onSale(product, productId);
      return [{ type: 'ProductRetired', data: { productId } }];
    },
  },
  evolve: {
    ProductListed: (_, { productId, productNumber, name, series, listPrice }) => ({
      status: 'listed',
      productId,
      details: { productNumber, name, series },
      prices: listPrice === undefined ? [] : [{ day: '', value: listPrice }],
    }),
    ProductRevised: (product, { changes }) =>
      isKnown(product)
        ? {
            ...product,
            details: { ...product.details, ...Object.fromEntries(changes.map((change) => [change.field, change.new])) },
          }
        : product,
    PriceSet: (product, { new: value, validFrom }, { occurredAt }) =>
      isKnown(product)
        ? { ...product, prices: held(product.prices, { day: validFrom ?? dayOf(occurredAt), value }) }
        : product,
    ProductRetired: (product) => (isKnown(product) ? { ...product, status: 'retired' } : product),
  },
};

const refusal = (code: ProductRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<ProductRefusal>(code, details);
const isKnown = (product: Product): product is KnownProduct => product.status !== 'unknown';
const isSame = (one: Money, other: Money) => one.amount === other.amount && one.currency === other.currency;

function onSale(product: Product, productId: string): KnownProduct {
  if (product.status === 'unknown') throw refusal('PRODUCT_UNKNOWN', { productId });
  if (product.status === 'retired') throw refusal('PRODUCT_RETIRED', { productId });
  return product;
}
