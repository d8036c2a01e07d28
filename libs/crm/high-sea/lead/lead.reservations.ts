import type { Reservations } from '#event-store';
import { newValues } from '../../field-changes.js';
import { reachedBy } from '../../customer-record/identity/identity.reservations.js';
import { numberOf } from '../../numbering.reservations.js';
import { claimAllowance, holdingRoom } from '../../taking.reservations.js';
import type { LeadEvent } from './lead.events.js';
import type { Lead, LeadFacts } from './lead.state.js';

const entityKind = 'lead';

/** What a lead's events need elsewhere before they are written. */
export const leadReservations: Reservations<Lead, LeadEvent, LeadFacts> = {
  LeadCaptured: ({ leadId, leadNumber, profile = {} }, about) => [
    ...numberOf('leadNumber', leadId, leadNumber, about),
    ...reachedBy(profile, about),
  ],
  LeadProfileCorrected: ({ changes }, about) => reachedBy(newValues(changes), about),
  LeadClaimed: ({ leadId: recordId, claimantId: takerId, ownershipVisit }, about) => [
    ...claimAllowance({ entityKind, recordId, takerId, ownershipVisit }, about),
    ...holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about),
  ],
  LeadAssigned: ({ leadId: recordId, assigneeId: takerId, ownershipVisit, overridesHoldingCap }, about) =>
    holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about, overridesHoldingCap),
  LeadTransferred: ({ leadId: recordId, toOwner: takerId, ownershipVisit, overridesHoldingCap }, about) =>
    holdingRoom({ entityKind, recordId, takerId, ownershipVisit }, about, overridesHoldingCap),
};
