import { expect, test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { ListProduct, RetireProduct, ReviseProduct, SetPrice } from './product.commands.js';
import { product } from './product.decider.js';
import type { ProductEvent } from './product.events.js';

const productId = '90d00000-0000-4000-8000-000000000001';
const yuan = (amount: number) => ({ amount, currency: 'CNY' });

const fields = { productId, name: '台账专业版', series: 'pro', listPrice: yuan(100_00) };
const listed: ProductEvent = { type: 'ProductListed', data: fields };
const retired: ProductEvent = { type: 'ProductRetired', data: { productId } };
const priceSet = (from: number, to: number, validFrom?: string): ProductEvent => ({
  type: 'PriceSet',
  data: { productId, old: yuan(from), new: yuan(to), validFrom },
});

const { given } = spec(product, {});
const setPrice = (amount: number, validFrom?: string) => SetPrice.of({ productId, price: yuan(amount), validFrom });

test('a product is listed', () => given().when(ListProduct.of(fields)).then(listed));
test('a product is listed once', () =>
  given(listed).when(ListProduct.of(fields)).thenRefused('PRODUCT_ALREADY_LISTED', { productId }));

test('a revision names only what changed', () =>
  given(listed)
    .when(ReviseProduct.of({ productId, name: '台账旗舰版', series: 'pro' }))
    .then({
      type: 'ProductRevised',
      data: { productId, changes: [{ field: 'name', old: '台账专业版', new: '台账旗舰版' }] },
    }));
test('a revision that changes nothing tells nothing', () =>
  given(listed)
    .when(ReviseProduct.of({ productId, name: '台账专业版' }))
    .thenNothing());
test('an unknown product is not revised', () =>
  given()
    .when(ReviseProduct.of({ productId, name: 'x' }))
    .thenRefused('PRODUCT_UNKNOWN'));

test('a price is set, and the event names the one before', () =>
  given(listed).when(setPrice(120_00)).then(priceSet(100_00, 120_00)));
test('a price may hold from a later day on', () =>
  given(listed, priceSet(100_00, 120_00, '2026-12-01'))
    .when(setPrice(110_00, '2026-11-25'))
    .then(priceSet(100_00, 110_00, '2026-11-25')));
test('the price that holds on that day already is not set again', () =>
  given(listed, priceSet(100_00, 120_00, '2026-12-01'))
    .when(setPrice(120_00, '2026-12-24'))
    .thenNothing());
test('a product without a list price gets its first', () =>
  given({ type: 'ProductListed', data: { productId, name: '台账' } })
    .when(setPrice(0))
    .then({ type: 'PriceSet', data: { productId, new: yuan(0) } }));
test('a retired product gets no price', () =>
  given(listed, retired).when(setPrice(120_00)).thenRefused('PRODUCT_RETIRED'));

test('a product is retired', () => given(listed).when(RetireProduct.of({ productId })).then(retired));
test('a product is retired once', () => given(listed, retired).when(RetireProduct.of({ productId })).thenNothing());
test('an unknown product is not retired', () =>
  given().when(RetireProduct.of({ productId })).thenRefused('PRODUCT_UNKNOWN'));

const name = fc.constantFrom('甲', '乙');
const price = fc.record({ amount: fc.integer({ min: 0, max: 3 }), currency: fc.constantFrom('CNY', 'EUR') });
const anyCommand = fc.oneof(
  fc.record({ name, listPrice: fc.option(price, { nil: undefined }) }).map((f) => ListProduct.of({ productId, ...f })),
  fc.record({ name }).map((f) => ReviseProduct.of({ productId, ...f })),
  fc
    .record({ price, validFrom: fc.constantFrom(undefined, '2026-11-01', '2026-12-01', '2027-01-01') })
    .map((f) => SetPrice.of({ productId, ...f })),
  fc.constant(RetireProduct.of({ productId })),
);

laws(product, anyCommand, {});

test('product: nothing happens before it is listed or after it is retired', () => {
  fc.assert(
    fc.property(steps(anyCommand), (drawn) => {
      const types = play(product, drawn, {}).map(({ type }) => type);
      expect(types.lastIndexOf('ProductListed')).toBeLessThanOrEqual(0);
      expect([-1, types.length - 1]).toContain(types.indexOf('ProductRetired'));
    }),
  );
});
