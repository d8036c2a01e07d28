import { expect, test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { ACTOR, spec } from '../../../../test/spec.js';
import type { Product } from '../product/product.decider.js';
import {
  AcceptQuote,
  ExpireQuote,
  AddQuoteLine,
  ApproveQuote,
  ChangeQuoteLine,
  DraftQuote,
  RejectQuote,
  RemoveQuoteLine,
  ReturnQuote,
  ReviseQuote,
  SubmitQuote,
  VoidQuote,
  WithdrawQuote,
} from './quote.commands.js';
import { quote } from './quote.decider.js';
import type { QuoteEvent } from './quote.events.js';
import { hashOf, totalsOf } from './quote.totals.js';

const quoteId = '900e0000-0000-4000-8000-000000000001';
const lineId = '110e0000-0000-4000-8000-000000000001';
const otherLine = '110e0000-0000-4000-8000-000000000002';
const productId = '960d0000-0000-4000-8000-000000000001';
const manager = 'e0000000-0000-4000-8000-000000000009';
const otherPerson = 'e0000000-0000-4000-8000-000000000008';
const cny = (amount: number) => ({ amount, currency: 'CNY' });
const reason = { code: 'too_cheap' };

const listed: Product = { status: 'listed', productId, details: {}, prices: [{ day: '', value: cny(100_00) }] };
const line = (quantity: number, unit: number, id = lineId) => ({
  lineId: id,
  productId,
  quantity,
  listPrice: cny(100_00),
  unitPrice: cny(unit),
  lineTotal: cny(unit * quantity),
});
const first = line(2, 90_00);

const drafted: QuoteEvent = {
  type: 'QuoteDrafted',
  data: { quoteId, ownerId: ACTOR.id, currency: 'CNY', revision: 1 },
};
const added: QuoteEvent = { type: 'QuoteLineAdded', data: { quoteId, revision: 1, line: first } };
const totals = { listTotal: cny(200_00), total: cny(180_00), discountRate: 0.1 };
const contentHash = hashOf('CNY', [first], '2026-12-31');
const submitted: QuoteEvent = {
  type: 'QuoteSubmitted',
  data: { quoteId, revision: 1, contentHash, submitterId: ACTOR.id, totals, validUntil: '2026-12-31' },
};
const approved: QuoteEvent = {
  type: 'QuoteApproved',
  data: {
    quoteId,
    revision: 1,
    contentHash,
    totals,
    discountRate: 0.1,
    validUntil: '2026-12-31',
    deciders: [{ id: manager, step: 1, decidedAt: '2026-11-22T08:00:00.000Z' }],
  },
};
const revised: QuoteEvent = { type: 'QuoteRevised', data: { quoteId, fromRevision: 1, toRevision: 2 } };
const accepted: QuoteEvent = {
  type: 'QuoteAccepted',
  data: { quoteId, revision: 1, total: cny(180_00), acceptedOn: '2026-11-22' },
};
const voided: QuoteEvent = { type: 'QuoteVoided', data: { quoteId, revision: 1 } };

const { given } = spec(quote, { product: listed });
const byManager = { actor: { id: manager, kind: 'human' as const } };
const add = (unit: number, id = lineId, quantity = 2) =>
  AddQuoteLine.of({ quoteId, lineId: id, productId, quantity, unitPrice: cny(unit) });
const approve = ApproveQuote.of({ quoteId });

test('a draft belongs to the person who begins it', () =>
  given()
    .when(DraftQuote.of({ quoteId, currency: 'CNY' }))
    .then(drafted));
test('a quote is drafted once', () =>
  given(drafted)
    .when(DraftQuote.of({ quoteId, currency: 'CNY' }))
    .thenRefused('QUOTE_ALREADY_DRAFTED'));

test('a line stands at its price beside the list price of the day', () => given(drafted).when(add(90_00)).then(added));
test('the same line again changes nothing', () => given(drafted, added).when(add(90_00)).thenNothing());
test('another line under a used id is refused', () =>
  given(drafted, added).when(add(80_00)).thenRefused('QUOTE_LINE_EXISTS'));
test('a retired product cannot be quoted', () =>
  given(drafted)
    .when(add(90_00), { facts: { product: { ...listed, status: 'retired' } } })
    .thenRefused('PRODUCT_NOT_FOR_SALE'));
test('all lines are in the currency of the quote', () =>
  given(drafted)
    .when(AddQuoteLine.of({ quoteId, lineId, productId, quantity: 1, unitPrice: { amount: 1, currency: 'USD' } }))
    .thenRefused('CURRENCY_MISMATCH'));
test('an amount beyond exact integers is refused', () =>
  given(drafted).when(add(Number.MAX_SAFE_INTEGER)).thenRefused('QUOTE_TOO_LARGE'));

test('a line can be changed', () =>
  given(drafted, added)
    .when(ChangeQuoteLine.of({ quoteId, lineId, quantity: 3 }))
    .then({ type: 'QuoteLineChanged', data: { quoteId, revision: 1, old: first, new: line(3, 90_00) } }));
test('a change to the same changes nothing', () =>
  given(drafted, added)
    .when(ChangeQuoteLine.of({ quoteId, lineId, quantity: 2 }))
    .thenNothing());
test('a line that is not there cannot be changed', () =>
  given(drafted)
    .when(ChangeQuoteLine.of({ quoteId, lineId, quantity: 2 }))
    .thenRefused('QUOTE_LINE_UNKNOWN'));
test('a line can be removed', () =>
  given(drafted, added)
    .when(RemoveQuoteLine.of({ quoteId, lineId }))
    .then({ type: 'QuoteLineRemoved', data: { quoteId, revision: 1, line: first } }));
test('a line is removed once', () => given(drafted).when(RemoveQuoteLine.of({ quoteId, lineId })).thenNothing());
test('nothing is changed after submission', () =>
  given(drafted, added, submitted).when(add(1, otherLine)).thenRefused('QUOTE_NOT_A_DRAFT'));

test('submission fixes content and totals', () =>
  given(drafted, added)
    .when(SubmitQuote.of({ quoteId, validUntil: '2026-12-31' }))
    .then(submitted));
test('an empty quote is not submitted', () =>
  given(drafted).when(SubmitQuote.of({ quoteId })).thenRefused('QUOTE_EMPTY'));
test('a quote is submitted once', () =>
  given(drafted, added, submitted).when(SubmitQuote.of({ quoteId })).thenNothing());

test('somebody else approves what was submitted', () =>
  given(drafted, added, submitted).when(approve, byManager).then(approved));
test('the submitter does not approve', () =>
  given(drafted, added, submitted).when(approve).thenRefused('APPROVER_IS_AUTHOR'));
test('who edited a line does not approve, whoever submitted', () => {
  const byOwner: QuoteEvent = { ...submitted, data: { ...submitted.data, submitterId: manager } };
  given({ ...drafted, data: { ...drafted.data, ownerId: manager } }, added, byOwner)
    .when(approve)
    .thenRefused('APPROVER_IS_AUTHOR');
});
test('who began the revision or sent its submission does not approve, either', () => {
  const other = { actor: { id: otherPerson, kind: 'human' as const } };
  const owned: QuoteEvent = { ...drafted, data: { ...drafted.data, ownerId: manager } };
  const forAnother: QuoteEvent = { ...submitted, data: { ...submitted.data, submitterId: manager } };
  const act = (event: QuoteEvent, actor: typeof other) => ({ event, ...actor });
  given(act(owned, other), act(added, byManager), act(forAnother, byManager))
    .when(approve, other)
    .thenRefused('APPROVER_IS_AUTHOR');
  given(act(owned, byManager), act(added, byManager), act(forAnother, other))
    .when(approve, other)
    .thenRefused('APPROVER_IS_AUTHOR');
});
test('a machine decides nothing by itself', () =>
  given(drafted, added, submitted)
    .when(approve, { actor: { id: 'policy', kind: 'system' } })
    .thenRefused('PERSON_REQUIRED'));
test('a decision on content that has changed since is refused', () => {
  given(drafted, added, submitted)
    .when(ApproveQuote.of({ quoteId, contentHash: 'seen-before' }), byManager)
    .thenRefused('QUOTE_CONTENT_CHANGED', { contentHash });
  given(drafted, added, submitted).when(ApproveQuote.of({ quoteId, contentHash }), byManager).then(approved);
});
test('nobody approves in the name of another', () =>
  given(drafted, added, submitted)
    .when(ApproveQuote.of({ quoteId, deciderId: manager }))
    .thenRefused('DECIDER_IS_NOT_ACTOR'));
test('an import that does not know who decided leaves it unknown', () =>
  given(drafted, added, submitted)
    .when(approve, { actor: { id: 'import:x', kind: 'import' } })
    .then({ ...approved, data: { ...approved.data, deciders: [] } }));
test('a quote is approved once', () =>
  given(drafted, added, submitted, approved).when(approve, byManager).thenNothing());
test('a draft cannot be approved', () =>
  given(drafted, added).when(approve, byManager).thenRefused('QUOTE_NOT_SUBMITTED'));

const decision = { quoteId, revision: 1, contentHash, deciderId: manager };
test('a quote is rejected with a reason', () =>
  given(drafted, added, submitted)
    .when(RejectQuote.of({ quoteId, reason }), byManager)
    .then({ type: 'QuoteRejected', data: decision }));
test('rejecting needs a reason', () =>
  given(drafted, added, submitted).when(RejectQuote.of({ quoteId }), byManager).thenRefused('REASON_REQUIRED'));
test('a quote is rejected once', () =>
  given(drafted, added, submitted, { type: 'QuoteRejected', data: decision })
    .when(RejectQuote.of({ quoteId, reason }))
    .thenNothing());
test('a returned quote is a draft again', () =>
  given(drafted, added, submitted)
    .when(ReturnQuote.of({ quoteId, reason }), byManager)
    .then({ type: 'QuoteReturned', data: decision }));
const returned: QuoteEvent = { type: 'QuoteReturned', data: decision };
const withdrawn: QuoteEvent = { type: 'QuoteWithdrawn', data: { quoteId, revision: 1 } };
test('a quote is returned once', () =>
  given(drafted, added, submitted, returned).when(ReturnQuote.of({ quoteId, reason })).thenNothing());
test('what nobody submitted is not returned', () =>
  given(drafted, added).when(ReturnQuote.of({ quoteId, reason }), byManager).thenRefused('QUOTE_NOT_SUBMITTED'));
test('an approved quote is not returned', () =>
  given(drafted, added, submitted, approved)
    .when(ReturnQuote.of({ quoteId, reason }))
    .thenRefused('QUOTE_NOT_SUBMITTED'));
test('the submitter can withdraw', () =>
  given(drafted, added, submitted).when(WithdrawQuote.of({ quoteId })).then(withdrawn));
test.each([approve, RejectQuote.of({ quoteId, reason }), ReturnQuote.of({ quoteId, reason })])(
  'a decision after withdrawal is refused: %p',
  (command) => given(drafted, added, submitted, withdrawn).when(command, byManager).thenRefused('QUOTE_NOT_SUBMITTED'),
);
test('a draft is withdrawn already', () => given(drafted).when(WithdrawQuote.of({ quoteId })).thenNothing());

test('a change of an approved quote is a new revision', () =>
  given(drafted, added, submitted, approved).when(ReviseQuote.of({ quoteId })).then(revised));
test('a draft is its own revision', () => given(drafted).when(ReviseQuote.of({ quoteId })).thenNothing());
test('what is being decided is not revised', () =>
  given(drafted, added, submitted).when(ReviseQuote.of({ quoteId })).thenRefused('QUOTE_NOT_DECIDED'));

test('an approved quote is accepted while valid', () =>
  given(drafted, added, submitted, approved).when(AcceptQuote.of({ quoteId })).then(accepted));
test('an older approved revision may be accepted while a newer one is drafted', () =>
  given(drafted, added, submitted, approved, revised)
    .when(AcceptQuote.of({ quoteId, revision: 1 }))
    .then(accepted));
test('an expired quote is not accepted', () =>
  given(drafted, added, submitted, approved)
    .when(AcceptQuote.of({ quoteId, acceptedOn: '2027-01-01' }))
    .thenRefused('QUOTE_EXPIRED', { validUntil: '2026-12-31' }));
const expired: QuoteEvent = { type: 'QuoteExpired', data: { quoteId, revision: 1, validUntil: '2026-12-31' } };
const dayAfter = { now: '2027-01-01T00:00:00.000Z', occurredAt: '2027-01-01T00:00:00.000Z' };
test('an approved quote expires when its last day has passed, once', () => {
  const approvedQuote = given(drafted, added, submitted, approved);
  approvedQuote.when(ExpireQuote.of({ quoteId, revision: 1 }), dayAfter).then(expired);
  const lastMoment = { now: '2026-12-31T23:59:59.999Z', occurredAt: '2026-12-31T23:59:59.999Z' };
  approvedQuote.when(ExpireQuote.of({ quoteId, revision: 1 }), lastMoment).thenRefused('QUOTE_STILL_VALID');
  given(drafted, added, submitted, approved, expired)
    .when(ExpireQuote.of({ quoteId, revision: 1 }), dayAfter)
    .thenNothing();
});
test('what was accepted before it expired may be told afterwards; what came later is not accepted', () => {
  const late = given(drafted, added, submitted, approved, expired);
  late.when(AcceptQuote.of({ quoteId, acceptedOn: '2026-11-22' }), dayAfter).then(accepted);
  late.when(AcceptQuote.of({ quoteId }), dayAfter).thenRefused('QUOTE_EXPIRED');
});
test('an expired quote is revised', () =>
  given(drafted, added, submitted, approved, expired)
    .when(ReviseQuote.of({ quoteId }), dayAfter)
    .then({ type: 'QuoteRevised', data: { quoteId, fromRevision: 1, toRevision: 2 } }));
test('what was accepted or never approved does not expire', () => {
  given(drafted, added, submitted, approved, accepted)
    .when(ExpireQuote.of({ quoteId, revision: 1 }), dayAfter)
    .thenNothing();
  given(drafted, added, submitted)
    .when(ExpireQuote.of({ quoteId, revision: 1 }), dayAfter)
    .thenRefused('QUOTE_REVISION_NOT_APPROVED');
});
test('what nobody approved is not accepted', () =>
  given(drafted, added, submitted).when(AcceptQuote.of({ quoteId })).thenRefused('QUOTE_REVISION_NOT_APPROVED'));
test('a quote is accepted once', () =>
  given(drafted, added, submitted, approved, accepted).when(AcceptQuote.of({ quoteId })).thenNothing());
test('only one revision is accepted', () =>
  given(drafted, added, submitted, approved, accepted)
    .when(AcceptQuote.of({ quoteId, revision: 2 }))
    .thenRefused('QUOTE_ALREADY_ACCEPTED'));

test('a quote can be voided', () => given(drafted).when(VoidQuote.of({ quoteId })).then(voided));
test('a quote is voided once', () => given(drafted, voided).when(VoidQuote.of({ quoteId })).thenNothing());
test('an accepted quote stays', () =>
  given(drafted, added, submitted, approved, accepted).when(VoidQuote.of({ quoteId })).thenRefused('QUOTE_CLOSED'));
test('an unknown quote cannot be voided', () => given().when(VoidQuote.of({ quoteId })).thenRefused('QUOTE_UNKNOWN'));

test('a price above the list is a surcharge: a negative discount', () =>
  expect(totalsOf([line(1, 150_00)], 'CNY').discountRate).toBe(-0.5));
test('the rate is rounded half up to six places in whole numbers, surcharges likewise', () => {
  const rate = (unit: number, list: number) =>
    totalsOf([{ ...line(1, unit), listPrice: cny(list) }], 'CNY').discountRate;
  expect(rate(1, 3)).toBe(0.666667);
  expect(rate(1_999_999, 2_000_000)).toBe(0.000001);
  expect(rate(2_000_001, 2_000_000)).toBe(-0.000001);
  expect(rate(40_000_001, 40_000_000)).toBe(0);
  expect(rate(Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER)).toBe(0);
});
test('without all list prices there is no rate', () =>
  expect(totalsOf([first, { ...first, listPrice: undefined }], 'CNY')).toEqual({ total: cny(360_00) }));

const anyCommand = fc.oneof(
  fc.constant(DraftQuote.of({ quoteId, currency: 'CNY' })),
  fc.tuple(fc.constantFrom(lineId, otherLine), fc.nat(200_00)).map(([id, unit]) => add(unit, id)),
  fc.nat({ max: 5 }).map((more) => ChangeQuoteLine.of({ quoteId, lineId, quantity: more + 1 })),
  fc.constantFrom(
    RemoveQuoteLine.of({ quoteId, lineId: otherLine }),
    SubmitQuote.of({ quoteId, validUntil: '2026-12-31' }),
    approve,
    RejectQuote.of({ quoteId, reason }),
    ReturnQuote.of({ quoteId, reason }),
    WithdrawQuote.of({ quoteId }),
    ReviseQuote.of({ quoteId }),
    AcceptQuote.of({ quoteId }),
    ExpireQuote.of({ quoteId, revision: 1 }),
    VoidQuote.of({ quoteId }),
  ),
);

laws(quote, anyCommand, { product: listed });

test('no sequence of commands lets an author approve, or anything but what was submitted be approved', () => {
  fc.assert(
    fc.property(steps(anyCommand), (drawn) => {
      const history = play(quote, drawn, { product: listed });
      history.forEach((event, index) => {
        if (event.type !== 'QuoteApproved') return;
        const before = history.slice(0, index);
        const submission = before.findLast(({ type }) => type === 'QuoteSubmitted');
        expect(submission?.data).toMatchObject({ contentHash: event.data.contentHash, totals: event.data.totals });
        const { revision } = event.data;
        const authors = before.filter(
          ({ type, data }) => type.startsWith('QuoteLine') && 'revision' in data && data.revision === revision,
        );
        for (const { id } of event.data.deciders) expect(authors.map(({ actor }) => actor.id)).not.toContain(id);
      });
    }),
  );
});
