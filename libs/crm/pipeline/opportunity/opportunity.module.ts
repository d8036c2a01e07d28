import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import { salesProcess } from '../sales-process/sales-process.decider.js';
import * as commands from './opportunity.commands.js';
import { opportunity } from './opportunity.decider.js';

export const opportunityAggregate = aggregate(opportunity, commands, async (command, state, read) => {
  if (command instanceof commands.OpenOpportunity) return { process: await read(salesProcess, command.processId) };
  return { process: state.status === 'unknown' ? salesProcess.initial : await read(salesProcess, state.processId) };
});

@Module({ providers: [...opportunityAggregate.handlers] })
export class OpportunityModule {}
