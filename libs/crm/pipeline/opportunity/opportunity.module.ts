import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import { salesProcess } from '../sales-process/sales-process.decider.js';
import * as commands from './opportunity.commands.js';
import { opportunity } from './opportunity.decider.js';

export const opportunityAggregate = aggregate(opportunity, commands, function* (command, state, read) {
  if (command instanceof commands.OpenOpportunity) return { process: yield* read(salesProcess, command.processId) };
  return { process: state.status === 'unknown' ? salesProcess.initial : yield* read(salesProcess, state.processId) };
});

@Module({ providers: [...opportunityAggregate.handlers] })
export class OpportunityModule {}
