import type { Decider } from '#kernel';
import { Refusal } from '#kernel';
import { kindOf } from '../../identities.js';
import type { SettlingFacts } from '../../reservation.js';
import type * as commands from './identity.commands.js';
import type { IdentityEvent } from './identity.events.js';
import { identityEvents } from './identity.events.js';

export type IdentityRefusal = 'IDENTITY_TAKEN';

/** Whose it is, and for which of the holder's events: one that was written needs it, one that may be written may. */
export interface Identity {
  readonly holderId?: string;
  readonly stream?: string;
  readonly reserved: readonly string[];
  readonly confirmed: readonly string[];
  /** The open records that told of it last: nobody keeps them from it, and any two may be the same person. */
  readonly mentionedBy: readonly string[];
}

/** How many of them are remembered: thousands may call from one switchboard, and each is compared with these. */
const REMEMBERED = 5;

const FREE: Identity = { reserved: [], confirmed: [], mentionedBy: [] };

/**
 * Identity 身份标识: a registration number, e-mail, phone or record number, held by one record at a time (CI4, CI10, LI11).
 * Others may tell of it as well, which is a soft rule: it is allowed, noticed here, and a person decides.
 */
export const identity: Decider<Identity, IdentityEvent, typeof commands, SettlingFacts> = {
  name: 'identity',
  events: identityEvents,
  initial: FREE,
  idOf: ({ identityId }) => identityId,
  decide: {
    ReserveIdentity: (identity, { identityId, holderId, stream, reservationId, until }) => {
      if (identity.holderId !== undefined && identity.holderId !== holderId)
        throw new Refusal<IdentityRefusal>('IDENTITY_TAKEN', { kind: kindOf(identityId), holderId: identity.holderId });
      const isForGood = until === undefined;
      if (isForGood ? identity.holderId === holderId : isHeldFor(identity, reservationId)) return [];
      return [{ type: 'IdentityReserved', data: { identityId, holderId, stream, reservationId, until } }];
    },
    SettleIdentity: ({ holderId, reserved }, { identityId, reservationId }, { facts: { happened } }) => {
      if (holderId === undefined || !reserved.includes(reservationId)) return [];
      if (happened === true) return [{ type: 'IdentityConfirmed', data: { identityId, holderId, reservationId } }];
      return [{ type: 'IdentityReleased', data: { identityId, holderId, reservationId } }];
    },
    ReleaseIdentity: (identity, { identityId, holderId, reservationId }) => {
      if (identity.holderId !== holderId) return [];
      if (reservationId !== undefined && !isHeldFor(identity, reservationId)) return [];
      return [{ type: 'IdentityReleased', data: { identityId, holderId, reservationId } }];
    },
    MentionIdentity: ({ holderId, mentionedBy: alsoBy }, { identityId, record }) =>
      alsoBy.includes(record) ? [] : [{ type: 'IdentityMentioned', data: { identityId, record, holderId, alsoBy } }],
    WithdrawIdentityMention: ({ holderId, mentionedBy }, { identityId, record }) => {
      if (!mentionedBy.includes(record)) return [];
      const alsoBy = without(mentionedBy, record);
      return [{ type: 'IdentityMentionWithdrawn', data: { identityId, record, holderId, alsoBy } }];
    },
  },
  evolve: {
    IdentityReserved: ({ reserved, confirmed, mentionedBy }, { holderId, stream, reservationId, until }) =>
      until === undefined
        ? { holderId, stream, reserved, confirmed: [...confirmed, reservationId], mentionedBy }
        : { holderId, stream, reserved: [...reserved, reservationId], confirmed, mentionedBy },
    IdentityConfirmed: (identity, { reservationId }) => ({
      ...identity,
      reserved: without(identity.reserved, reservationId),
      confirmed: [...identity.confirmed, reservationId],
    }),
    IdentityReleased: (identity, { reservationId }) => {
      const free = { ...FREE, mentionedBy: identity.mentionedBy };
      if (reservationId === undefined) return free;
      const reserved = without(identity.reserved, reservationId);
      const confirmed = without(identity.confirmed, reservationId);
      return reserved.length + confirmed.length === 0 ? free : { ...identity, reserved, confirmed };
    },
    IdentityMentioned: (identity, { record }) => ({
      ...identity,
      mentionedBy: [...without(identity.mentionedBy, record), record].slice(-REMEMBERED),
    }),
    IdentityMentionWithdrawn: (identity, { record }) => ({
      ...identity,
      mentionedBy: without(identity.mentionedBy, record),
    }),
  },
};

const isHeldFor = ({ reserved, confirmed }: Identity, reservationId: string): boolean =>
  reserved.includes(reservationId) || confirmed.includes(reservationId);

const without = (ids: readonly string[], id: string): readonly string[] => ids.filter((one) => one !== id);
