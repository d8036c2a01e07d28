import type { Reservations } from '#event-store';
import type { TakingFacts } from '../../claiming.js';
import { claimAllowance, holdingRoom } from '../../taking.reservations.js';
import type { CustomerEvent } from './customer.events.js';
import type { Customer } from './customer.state.js';

const entityKind = 'customer';

/** What a customer's events need elsewhere before they are written. */
export const customerReservations: Reservations<Customer, CustomerEvent, TakingFacts> = {
  CustomerClaimed: ({ customerId: recordId, claimantId: takerId, ownershipVisit }, about) => [
    ...claimAllowance({ entityKind, recordId, takerId, ownershipVisit }, about),
    ...holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about),
  ],
  CustomerAssigned: ({ customerId: recordId, assigneeId: takerId, ownershipVisit, overridesHoldingCap }, about) =>
    holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about, overridesHoldingCap),
  CustomerTransferred: ({ customerId: recordId, toOwner: takerId, ownershipVisit, overridesHoldingCap }, about) =>
    holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about, overridesHoldingCap),
};
