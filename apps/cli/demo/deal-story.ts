import type { Chance } from './chance.js';
import type { Organisation, Rep } from './organisation.js';
import { END } from './organisation.js';
import type { Story } from './story.js';

interface Deal {
  readonly number: number;
  readonly leadId: string;
  readonly customerId: string;
  readonly opportunityId: string;
  readonly owner: Rep;
}

/** An opportunity through the stages of the process: quoted, approved, won or lost, now and then reopened. */
export function sell(story: Story, organisation: Organisation, chance: Chance, deal: Deal): void {
  const { opportunityId, customerId, leadId, owner } = deal;
  const product = chance.pick(organisation.products);
  const quantity = chance.between(1, 8);
  const amount = { amount: product.price * quantity, currency: 'CNY' };
  const { processId } = organisation;
  story.tell(owner, 'OpenOpportunity', {
    opportunityId,
    customerId,
    leadId,
    processId,
    ownerId: owner.id,
    productId: product.id,
    amount,
  });
  if (!advance(story, chance, deal, 'need')) return;
  story.tell(owner, 'RecordStageOutcome', { opportunityId, criterionId: 'need_written', evidence: '需求说明书' });
  if (!advance(story, chance, deal, 'proposal')) return;
  const quoteId = quoteIt(story, chance, deal, product, quantity);
  story.tell(owner, 'RecordStageOutcome', { opportunityId, criterionId: 'quote_sent' });
  if (chance.happens(10)) {
    if (!story.later(chance.between(24, 96), END)) return;
    story.tell(owner, 'RegressStage', { opportunityId, toStageId: 'need' }, 'scope_changed');
    if (!advance(story, chance, deal, 'proposal')) return;
  }
  if (!advance(story, chance, deal, 'negotiation')) return;
  close(story, chance, deal, quoteId, amount.amount);
}

/** One stage on, unless the deal is lost, lies idle, or the time told is over. */
function advance(story: Story, chance: Chance, { opportunityId, owner }: Deal, toStageId: string): boolean {
  if (!story.later(chance.between(24, 300), END) || chance.happens(8)) return false;
  if (chance.happens(12)) {
    story.tell(owner, 'LoseOpportunity', {
      opportunityId,
      reasonCode: chance.pick(['price', 'competitor', 'no_budget']),
    });
    return false;
  }
  story.tell(owner, 'AdvanceStage', { opportunityId, toStageId });
  return true;
}

/** The manager approves; sometimes only a better revision. */
function quoteIt(
  story: Story,
  chance: Chance,
  deal: Deal,
  product: { id: string; price: number },
  quantity: number,
): string {
  const { number, customerId, opportunityId, owner } = deal;
  const quoteId = chance.id('quote', number);
  const lineId = chance.id('line', number);
  const price = (percent: number) => ({ amount: Math.round((product.price * percent) / 100), currency: 'CNY' });
  const discounted = chance.between(70, 100);
  story
    .tell(owner, 'DraftQuote', {
      quoteId,
      customerId,
      opportunityId,
      ownerId: owner.id,
      currency: 'CNY',
    })
    .tell(owner, 'AddQuoteLine', { quoteId, lineId, productId: product.id, quantity, unitPrice: price(discounted) })
    .tell(owner, 'SubmitQuote', { quoteId, validUntil: '2025-12-31' });
  if (discounted < 78)
    story
      .tell(owner.manager, 'ReturnQuote', { quoteId }, 'discount_too_high')
      .tell(owner, 'ChangeQuoteLine', { quoteId, lineId, unitPrice: price(88) })
      .tell(owner, 'SubmitQuote', { quoteId, validUntil: '2025-12-31' });
  story.tell(owner.manager, 'ApproveQuote', { quoteId });
  return quoteId;
}

function close(story: Story, chance: Chance, { opportunityId, owner }: Deal, quoteId: string, listed: number): void {
  if (!story.later(chance.between(24, 240), END)) return;
  if (chance.happens(30)) {
    story.tell(owner, 'LoseOpportunity', { opportunityId, reasonCode: 'competitor', competitor: '友商' });
    if (!chance.happens(20) || !story.later(chance.between(48, 240), END)) return;
    story.tell(owner.manager, 'ReopenOpportunity', { opportunityId, toStageId: 'negotiation' }, 'customer_came_back');
    if (!story.later(chance.between(24, 120), END)) return;
  }
  const finalAmount = { amount: Math.round((listed * chance.between(80, 100)) / 100), currency: 'CNY' };
  story
    .tell(owner, 'AcceptQuote', { quoteId, acceptedOn: story.today })
    .tell(owner, 'WinOpportunity', { opportunityId, finalAmount, quoteId, quoteRevision: 1 });
}
