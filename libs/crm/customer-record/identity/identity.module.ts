import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './identity.commands.js';
import { identity } from './identity.decider.js';

export const identityAggregate = aggregate(identity, commands, function* (command, { stream }, _, happened) {
  if (!(command instanceof commands.SettleIdentity) || stream === undefined) return {};
  return { happened: yield* happened(stream, command.reservationId) };
});

@Module({ providers: [...identityAggregate.handlers] })
export class IdentityModule {}
