import type { Policy } from '#kernel';
import { cancel, schedule, send } from '#kernel';
import type { DataSubjectEvent } from '../audit-privacy/data-subject/data-subject.events.js';
import { ReleaseIdentity, SettleIdentity } from '../customer-record/identity/identity.commands.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
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

type Told = IdentityEvent | CustomerEvent | DataSubjectEvent;

/** CI4: an identity is free again when its record was never written or has another, or when its person was erased. */
export const freeIdentitiesNobodyNeeds: Policy<Told, ReservedIdentity, ErasedFacts> = {
  name: 'free-identities-nobody-needs',
  when: {
    IdentityReserved: ({ data: { identityId, reservationId, until } }) =>
      until === undefined
        ? []
        : [schedule({ key: keyOf({ identityId, reservationId }), at: until, data: { identityId, reservationId } })],
    IdentityConfirmed: ({ data }) => [cancel(keyOf(data))],
    IdentityReleased: ({ data: { identityId, reservationId } }) =>
      reservationId === undefined ? [] : [cancel(keyOf({ identityId, reservationId }))],
    CustomerProfileCorrected: ({ data }) => giveBack(data),
    KeyFieldRevised: ({ data }) => giveBack(data),
    SubjectKeyDestroyed: (_, { customerId, identities = [] }) =>
      customerId === undefined
        ? []
        : identities.map((identityId) => send(ReleaseIdentity.of({ identityId, holderId: customerId }))),
  },
  due: ({ data }) => [send(SettleIdentity.of(data))],
};

const giveBack = ({
  customerId: holderId,
  formerIdentities = [],
}: {
  readonly customerId: string;
  readonly formerIdentities?: readonly ReservedIdentity[];
}) => formerIdentities.map((former) => send(ReleaseIdentity.of({ ...former, holderId })));

const keyOf = ({ identityId, reservationId }: ReservedIdentity): string => `${identityId}/${reservationId}`;
