import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './lead.commands.js';
import { lead } from './lead.decider.js';

export const leadAggregate = aggregate(lead, commands);

@Module({ providers: [...leadAggregate.handlers] })
export class LeadModule {}
