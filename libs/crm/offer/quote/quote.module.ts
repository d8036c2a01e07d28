import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import { product } from '../product/product.decider.js';
import * as commands from './quote.commands.js';
import type { QuoteFacts } from './quote.decider.js';
import { quote } from './quote.decider.js';
import type { Quote } from './quote.state.js';

export const quoteAggregate = aggregate(quote, commands, async (command, state, read): Promise<QuoteFacts> => {
  const productId = productOf(command, state);
  return productId === undefined ? {} : { product: await read(product, productId) };
});

function productOf(command: object, state: Quote): string | undefined {
  if (command instanceof commands.AddQuoteLine) return command.productId;
  if (!(command instanceof commands.ChangeQuoteLine) || state.status === 'unknown') return undefined;
  return state.lines.find(({ lineId }) => lineId === command.lineId)?.productId;
}

@Module({ providers: [...quoteAggregate.handlers] })
export class QuoteModule {}
