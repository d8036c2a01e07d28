import type { Decider } from '#kernel';
import { Refusal } from '#kernel';
import type * as commands from './follow-up.commands.js';
import type { FollowUpEvent } from './follow-up.events.js';
import { followUpEvents } from './follow-up.events.js';

export type FollowUpRefusal = 'FOLLOW_UP_ALREADY_RECORDED';

export type FollowUp = { readonly status: 'unknown' } | { readonly status: 'recorded' };

/** FollowUp 跟进: one contact with a lead or customer. Whether it counts is decided by the record that it concerns. */
export const followUp: Decider<FollowUp, FollowUpEvent, typeof commands> = {
  name: 'followup',
  events: followUpEvents,
  initial: { status: 'unknown' },
  idOf: ({ followUpId }) => followUpId,
  decide: {
    RecordFollowUp: (followUp, { followUpId, entityKind, recordId, channel, outcome }) => {
      if (followUp.status === 'recorded')
        throw new Refusal<FollowUpRefusal>('FOLLOW_UP_ALREADY_RECORDED', { followUpId });
      return [{ type: 'FollowUpRecorded', data: { followUpId, entityKind, recordId, channel, outcome } }];
    },
  },
  evolve: { FollowUpRecorded: () => ({ status: 'recorded' }) },
};
