import { Module } from '@nestjs/common';
import type { LookUp } from '#event-store';
import { aggregate } from '#event-store';
import { product } from '../product/product.decider.js';
import * as commands from './quote.commands.js';
import type { QuoteFacts } from './quote.decider.js';
import { quote } from './quote.decider.js';
import { quoteReservations } from './quote.reservations.js';
import type { Quote } from './quote.state.js';

const lookUp: LookUp<Quote, typeof commands, QuoteFacts> = function* (command, state, read) {
  const productId = productOf(command, state);
  return productId === undefined ? {} : { product: yield* read(product, productId) };
};

export const quoteAggregate = aggregate(quote, commands, lookUp, quoteReservations);

function productOf(command: object, state: Quote): string | undefined {
  if (command instanceof commands.AddQuoteLine) return command.productId;
  if (!(command instanceof commands.ChangeQuoteLine) || state.status === 'unknown') return undefined;
  return state.lines.find(({ lineId }) => lineId === command.lineId)?.productId;
}

@Module({ providers: [...quoteAggregate.handlers] })
export class QuoteModule {}
