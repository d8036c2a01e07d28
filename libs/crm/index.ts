import { Module } from '@nestjs/common';
import type { Aggregate, Attribute } from '#event-store';
import { leadAggregate, LeadModule } from './high-sea/lead/lead.module.js';

/** Every aggregate of the domain: the HTTP door, the codec and the catalogue are made from this list. */
export const aggregates: readonly Aggregate[] = [leadAggregate];

/** The handlers of all commands. */
@Module({ imports: [LeadModule] })
export class CrmModule {}

/** Until the organisation is known, the owner stands alone. */
export const attribute: Attribute = (ownerId) => Promise.resolve({ ownerId, managerPath: [] });
