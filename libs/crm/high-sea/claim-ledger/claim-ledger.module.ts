import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './claim-ledger.commands.js';
import { claimEventOf, claimLedger } from './claim-ledger.decider.js';

export const claimLedgerAggregate = aggregate(claimLedger, commands, function* (command, ledger, _, happened) {
  if (!(command instanceof commands.SettleClaim)) return {};
  const { reservationId } = command;
  const claim = ledger[reservationId];
  return claim?.status === 'reserved' ? { happened: yield* happened(claim.stream, claimEventOf(reservationId)) } : {};
});

@Module({ providers: [...claimLedgerAggregate.handlers] })
export class ClaimLedgerModule {}
