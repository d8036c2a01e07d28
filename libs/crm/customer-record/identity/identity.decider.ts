import type { Decider } from '#kernel';
import { Refusal } from '#kernel';
import type { SettlingFacts } from '../../reservation.js';
import type * as commands from './identity.commands.js';
import type { IdentityEvent } from './identity.events.js';
import { identityEvents } from './identity.events.js';

export type IdentityRefusal = 'IDENTITY_TAKEN';

/** Whose it is. While it is only reserved, those of the holder's events that may still need it. */
export interface Identity {
  readonly holderId?: string;
  readonly stream?: string;
  readonly isConfirmed: boolean;
  readonly reservations: readonly string[];
}

const FREE: Identity = { isConfirmed: false, reservations: [] };

/** Identity 身份标识: a registration number, e-mail, phone or record number, held by one record at a time (CI4, CI10, LI11). */
export const identity: Decider<Identity, IdentityEvent, typeof commands, SettlingFacts> = {
  name: 'identity',
  events: identityEvents,
  initial: FREE,
  idOf: ({ identityId }) => identityId,
  decide: {
    ReserveIdentity: (identity, { identityId, holderId, stream, reservationId, until }) => {
      if (identity.holderId !== undefined && identity.holderId !== holderId)
        throw new Refusal<IdentityRefusal>('IDENTITY_TAKEN', { kind: kindOf(identityId), holderId: identity.holderId });
      if (identity.isConfirmed || identity.reservations.includes(reservationId)) return [];
      return [{ type: 'IdentityReserved', data: { identityId, holderId, stream, reservationId, until } }];
    },
    SettleIdentity: ({ holderId, reservations }, { identityId, reservationId }, { facts: { happened } }) => {
      if (holderId === undefined || !reservations.includes(reservationId)) return [];
      if (happened === true) return [{ type: 'IdentityConfirmed', data: { identityId, holderId, reservationId } }];
      return [{ type: 'IdentityReleased', data: { identityId, holderId, reservationId } }];
    },
    ReleaseIdentity: (identity, { identityId, holderId }) => {
      if (identity.holderId !== holderId) return [];
      return [{ type: 'IdentityReleased', data: { identityId, holderId } }];
    },
  },
  evolve: {
    IdentityReserved: ({ reservations }, { holderId, stream, reservationId, until }) => ({
      holderId,
      stream,
      isConfirmed: until === undefined,
      reservations: until === undefined ? [] : [...reservations, reservationId],
    }),
    IdentityConfirmed: (identity) => ({ ...identity, isConfirmed: true, reservations: [] }),
    IdentityReleased: (identity, { reservationId }) => {
      const reservations = identity.reservations.filter((one) => one !== reservationId);
      const isHeld = reservationId !== undefined && (identity.isConfirmed || reservations.length > 0);
      return isHeld ? { ...identity, reservations } : FREE;
    },
  },
};

/** Its kind and a keyed hash: `registrationNumber-3f2c…`, as which nobody can read or guess it (PR4). */
export const identityOf = (kind: string, text: string, fingerprint: (text: string) => string): string =>
  `${kind}-${fingerprint(`${kind}/${text}`)}`;

const kindOf = (identityId: string): string => identityId.slice(0, identityId.indexOf('-'));
