import type { Policy, Reaction } from '#kernel';
import { cancel, schedule, send } from '#kernel';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import { AddHolding, RemoveHolding, SettleHolding } from '../high-sea/portfolio/portfolio.commands.js';
import type { EntityKind } from '../high-sea/portfolio/portfolio.decider.js';
import type { PortfolioEvent } from '../high-sea/portfolio/portfolio.events.js';

/** Whether the record lies in, or came from, a pool that is defined: only such records are held against a cap. */
export interface PortfolioFacts {
  readonly isCounted: boolean;
}

interface ReservedHolding {
  readonly repId: string;
  readonly reservationId: string;
}

/** LI3: who took a record holds it and who lost it does not, whichever way; room that nobody needed is released in time. */
export const keepPortfoliosTrue: Policy<LeadEvent | CustomerEvent | PortfolioEvent, ReservedHolding, PortfolioFacts> = {
  name: 'keep-portfolios-true',
  when: {
    LeadClaimed: ({ data, eventId }, facts) => add(lead(data), data.claimantId, eventId, facts),
    LeadAssigned: ({ data, eventId }, facts) => add(lead(data), data.assigneeId, eventId, facts),
    LeadTransferred: ({ data, eventId }, facts) => [
      ...add(lead(data), data.toOwner, eventId, facts),
      ...remove(lead(data), data.fromOwner),
    ],
    LeadReturned: ({ data }) => remove(lead(data), data.ownerId),
    LeadRecycled: ({ data }) => remove(lead(data), data.previousOwnerId),
    LeadDisqualified: ({ data }) => remove(lead(data), data.ownerId),
    LeadConverted: ({ data }) => remove(lead(data), data.ownerId),
    CustomerClaimed: ({ data, eventId }, facts) => add(customer(data), data.claimantId, eventId, facts),
    CustomerAssigned: ({ data, eventId }, facts) => add(customer(data), data.assigneeId, eventId, facts),
    CustomerTransferred: ({ data, eventId }, facts) => [
      ...add(customer(data), data.toOwner, eventId, facts),
      ...remove(customer(data), data.fromOwner),
    ],
    CustomerReturned: ({ data }) => remove(customer(data), data.ownerId),
    CustomerRecycled: ({ data }) => remove(customer(data), data.previousOwnerId),
    HoldingReserved: ({ data: { repId, reservationId, until } }) => [
      schedule({ key: reservationId, at: until, data: { repId, reservationId } }),
    ],
    HoldingAdded: ({ data }) => [cancel(data.reservationId)],
    HoldingReleased: ({ data }) => [cancel(data.reservationId)],
  },
  due: ({ data: { repId, reservationId } }) => [send(SettleHolding.of({ repId, reservationId }))],
};

interface Ownership {
  readonly entityKind: EntityKind;
  readonly recordId: string;
  readonly visit?: { readonly begins?: number; readonly ends?: number };
}
type Visits = { readonly ownershipVisit?: Ownership['visit'] };
type Reactions = readonly Reaction<never>[];

const lead = ({ leadId: recordId, ownershipVisit: visit }: Visits & { readonly leadId: string }): Ownership => ({
  entityKind: 'lead',
  recordId,
  visit,
});
const customer = ({
  customerId: recordId,
  ownershipVisit: visit,
}: Visits & { readonly customerId: string }): Ownership => ({ entityKind: 'customer', recordId, visit });

function add(
  { entityKind, recordId, visit }: Ownership,
  repId: string,
  reservationId: string,
  { isCounted }: PortfolioFacts,
): Reactions {
  if (!isCounted || visit?.begins === undefined) return [];
  return [send(AddHolding.of({ repId, entityKind, recordId, visit: visit.begins, reservationId }))];
}

function remove({ entityKind, recordId, visit }: Ownership, repId: string | undefined): Reactions {
  if (repId === undefined || visit?.ends === undefined) return [];
  return [send(RemoveHolding.of({ repId, entityKind, recordId, visit: visit.ends }))];
}
