import { Module } from '@nestjs/common';
import type { Command, LookUp } from '#event-store';
import { aggregate } from '#event-store';
import type { AnyCommand } from '#kernel';
import type { TakingFacts } from '../../claiming.js';
import { poolFacts } from '../../taking.reservations.js';
import * as commands from './customer.commands.js';
import { customer } from './customer.decider.js';
import { customerReservations } from './customer.reservations.js';
import type { Customer } from './customer.state.js';

const lookUp: LookUp<Customer, typeof commands, TakingFacts> = (command, customer, read) => {
  const poolId = customer.status === 'unknown' ? undefined : customer.poolId;
  const about = { poolId, takerId: takerOf(command), isRecycling: isRecycling(command) };
  return poolFacts({ entityKind: 'customer', ...about }, command, read);
};

const isRecycling = (command: object): boolean =>
  command instanceof commands.RecycleCustomer || command instanceof commands.WarnOfCustomerRecycle;

function takerOf(command: AnyCommand<typeof commands> & Command): string | undefined {
  if (command instanceof commands.ClaimCustomer) return command.claimantId;
  if (command instanceof commands.AssignCustomer) return command.assigneeId;
  return command instanceof commands.TransferCustomer ? command.toOwner : undefined;
}

export const customerAggregate = aggregate(customer, commands, lookUp, customerReservations);

@Module({ providers: [...customerAggregate.handlers] })
export class CustomerModule {}
