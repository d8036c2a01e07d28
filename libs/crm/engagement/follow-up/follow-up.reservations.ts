import type { Reservations } from '#event-store';
import { NoteCustomerActivity } from '../../customer-record/customer/customer.commands.js';
import { NoteLeadActivity } from '../../high-sea/lead/lead.commands.js';
import type { FollowUp } from './follow-up.decider.js';
import type { FollowUpEvent } from './follow-up.events.js';

/** LI7: a follow-up is acknowledged only once its lead or customer knows of it, so that it meets a recycle there. */
export const followUpReservations: Reservations<FollowUp, FollowUpEvent, object> = {
  FollowUpRecorded: ({ entityKind, recordId, followUpId, channel, outcome }) => [
    {
      reserve:
        entityKind === 'lead'
          ? NoteLeadActivity.of({ leadId: recordId, followUpId, channel, outcome })
          : NoteCustomerActivity.of({ customerId: recordId, followUpId, channel, outcome }),
    },
  ],
};
