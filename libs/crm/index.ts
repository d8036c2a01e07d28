import { Module } from '@nestjs/common';
import type { Aggregate } from '#event-store';
import { leadAggregate, LeadModule } from './high-sea/lead/lead.module.js';

/** Every aggregate of the domain: the HTTP door, the codec and the catalogue are made from this list. */
export const aggregates: readonly Aggregate[] = [leadAggregate];

/** The handlers of all commands. */
@Module({ imports: [LeadModule] })
export class CrmModule {}
