import { Module } from '@nestjs/common';
import { aggregate, noFacts } from '#event-store';
import * as commands from './follow-up.commands.js';
import { followUp } from './follow-up.decider.js';
import { followUpReservations } from './follow-up.reservations.js';

export const followUpAggregate = aggregate(followUp, commands, noFacts, followUpReservations);

@Module({ providers: [...followUpAggregate.handlers] })
export class FollowUpModule {}
