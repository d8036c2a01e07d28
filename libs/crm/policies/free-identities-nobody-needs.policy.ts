import type { Policy } from '#kernel';
import { cancel, schedule, send } from '#kernel';
import type { DataSubjectEvent } from '../audit-privacy/data-subject/data-subject.events.js';
import { ReleaseIdentity, SettleIdentity } from '../customer-record/identity/identity.commands.js';
import type { IdentityEvent } from '../customer-record/identity/identity.events.js';

/** What an erased customer was known by; nothing where nobody was erased. */
export interface ErasedFacts {
  readonly customerId?: string;
  readonly identities?: readonly string[];
}

interface ReservedIdentity {
  readonly identityId: string;
  readonly reservationId: string;
}

/** CI4: an identity is free again when its record was never written, or its person was erased. */
export const freeIdentitiesNobodyNeeds: Policy<IdentityEvent | DataSubjectEvent, ReservedIdentity, ErasedFacts> = {
  name: 'free-identities-nobody-needs',
  when: {
    IdentityReserved: ({ data: { identityId, reservationId, until } }) =>
      until === undefined
        ? []
        : [schedule({ key: keyOf({ identityId, reservationId }), at: until, data: { identityId, reservationId } })],
    IdentityConfirmed: ({ data }) => [cancel(keyOf(data))],
    IdentityReleased: ({ data: { identityId, reservationId } }) =>
      reservationId === undefined ? [] : [cancel(keyOf({ identityId, reservationId }))],
    SubjectKeyDestroyed: (_, { customerId, identities = [] }) =>
      customerId === undefined
        ? []
        : identities.map((identityId) => send(ReleaseIdentity.of({ identityId, holderId: customerId }))),
  },
  due: ({ data }) => [send(SettleIdentity.of(data))],
};

const keyOf = ({ identityId, reservationId }: ReservedIdentity): string => `${identityId}/${reservationId}`;
