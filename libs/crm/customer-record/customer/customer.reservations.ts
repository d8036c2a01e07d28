import type { Reservations } from '#event-store';
import type { TakingFacts } from '../../claiming.js';
import { newValues } from '../../field-changes.js';
import { claimAllowance, holdingRoom } from '../../taking.reservations.js';
import { numberOf } from '../../numbering.reservations.js';
import { knownBy } from '../identity/identity.reservations.js';
import type { CustomerEvent } from './customer.events.js';
import type { Customer } from './customer.state.js';

const entityKind = 'customer';

/** What a customer's events need elsewhere before they are written. */
export const customerReservations: Reservations<Customer, CustomerEvent, TakingFacts> = {
  CustomerRegistered: ({ customerId, customerNumber, profile, nonIdentifying = [] }, about) => [
    ...knownBy(customerId, without(profile, nonIdentifying), about),
    ...numberOf('customerNumber', customerId, customerNumber, about),
  ],
  CustomerProfileCorrected: ({ customerId, changes, nonIdentifying = [] }, about) =>
    knownBy(customerId, without(newValues(changes), nonIdentifying), about),
  KeyFieldRevised: ({ customerId, change }, about) => knownBy(customerId, newValues([change]), about),
  CustomerClaimed: ({ customerId: recordId, claimantId: takerId, ownershipVisit }, about) => [
    ...claimAllowance({ entityKind, recordId, takerId, ownershipVisit }, about),
    ...holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about),
  ],
  CustomerAssigned: ({ customerId: recordId, assigneeId: takerId, ownershipVisit, overridesHoldingCap }, about) =>
    holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about, overridesHoldingCap),
  CustomerTransferred: ({ customerId: recordId, toOwner: takerId, ownershipVisit, overridesHoldingCap }, about) =>
    holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about, overridesHoldingCap),
};

const without = (texts: Readonly<Record<string, string | undefined>>, shared: readonly string[]) =>
  Object.fromEntries(Object.entries(texts).filter(([field]) => !shared.includes(field)));
