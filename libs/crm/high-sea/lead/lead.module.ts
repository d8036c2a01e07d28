import { Module } from '@nestjs/common';
import type { Command, LookingUp, LookUp, ReadFact } from '#event-store';
import { aggregate, issueOf } from '#event-store';
import type { AnyCommand } from '#kernel';
import { salesProcess } from '../../pipeline/sales-process/sales-process.decider.js';
import { poolFacts } from '../../taking.reservations.js';
import * as commands from './lead.commands.js';
import { lead } from './lead.decider.js';
import { leadReservations } from './lead.reservations.js';
import type { Lead, LeadFacts } from './lead.state.js';

const lookUp: LookUp<Lead, typeof commands, LeadFacts> = (command, lead, read) => {
  if (command instanceof commands.RequestLeadConversion) return conversionFacts(command, read);
  const poolId = lead.status === 'unknown' ? undefined : lead.poolId;
  const about = { poolId, takerId: takerOf(command), isRecycling: isRecycling(command) };
  return poolFacts({ entityKind: 'lead', ...about }, command, read);
};

function* conversionFacts({ opportunity }: commands.RequestLeadConversion, read: ReadFact): LookingUp<LeadFacts> {
  return opportunity ? { process: yield* read(salesProcess, opportunity.processId) } : {};
}

const isRecycling = (command: object): boolean =>
  command instanceof commands.RecycleLead || command instanceof commands.WarnOfLeadRecycle;

function takerOf(command: AnyCommand<typeof commands> & Command): string | undefined {
  if (command instanceof commands.ClaimLead) return command.claimantId ?? issueOf(command)?.actor.id;
  if (command instanceof commands.AssignLead) return command.assigneeId;
  return command instanceof commands.TransferLead ? command.toOwner : undefined;
}

export const leadAggregate = aggregate(lead, commands, lookUp, leadReservations);

@Module({ providers: [...leadAggregate.handlers] })
export class LeadModule {}
