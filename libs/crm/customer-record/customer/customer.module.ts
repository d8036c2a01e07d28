import { Module } from '@nestjs/common';
import type { Command } from '#event-store';
import { aggregate } from '#event-store';
import type { AnyCommand } from '#kernel';
import { takingFacts } from '../../taking.reservations.js';
import { pool } from '../../high-sea/pool/pool.decider.js';
import * as commands from './customer.commands.js';
import { customer } from './customer.decider.js';
import { customerReservations } from './customer.reservations.js';

export const customerAggregate = aggregate(
  customer,
  commands,
  async (command, customer, read) => {
    const poolId = customer.status === 'unknown' ? undefined : customer.poolId;
    if (poolId !== undefined && isRecycling(command)) {
      const from = await read(pool, poolId);
      return from.status === 'unknown' ? {} : { pool: from };
    }
    const takerId = takerOf(command);
    return poolId === undefined || takerId === undefined
      ? {}
      : takingFacts({ entityKind: 'customer', takerId }, poolId, command, read);
  },
  customerReservations,
);

const isRecycling = (command: object): boolean =>
  command instanceof commands.RecycleCustomer || command instanceof commands.WarnOfCustomerRecycle;

function takerOf(command: AnyCommand<typeof commands> & Command): string | undefined {
  if (command instanceof commands.ClaimCustomer) return command.claimantId;
  if (command instanceof commands.AssignCustomer) return command.assigneeId;
  return command instanceof commands.TransferCustomer ? command.toOwner : undefined;
}

@Module({ providers: [...customerAggregate.handlers] })
export class CustomerModule {}
