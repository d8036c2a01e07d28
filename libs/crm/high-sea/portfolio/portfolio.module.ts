import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './portfolio.commands.js';
import { portfolio } from './portfolio.decider.js';

export const portfolioAggregate = aggregate(portfolio, commands, function* (command, { reserved }, _, happened) {
  if (!(command instanceof commands.SettleHolding)) return {};
  const { reservationId } = command;
  const room = reserved[reservationId];
  return room === undefined ? {} : { happened: yield* happened(room.stream, reservationId) };
});

@Module({ providers: [...portfolioAggregate.handlers] })
export class PortfolioModule {}
