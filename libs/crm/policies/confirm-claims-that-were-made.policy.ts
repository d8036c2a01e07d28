import type { Policy, Reaction } from '#kernel';
import { cancel, schedule, send } from '#kernel';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import { ConfirmClaim, SettleClaim } from '../high-sea/claim-ledger/claim-ledger.commands.js';
import type { ClaimLedgerEvent } from '../high-sea/claim-ledger/claim-ledger.events.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';

interface ReservedClaim {
  readonly reservationId: string;
}

/** LI2: a claim that was made uses up what was reserved for it; what nobody claimed with is looked after when its time is out. */
export const confirmClaimsThatWereMade: Policy<LeadEvent | CustomerEvent | ClaimLedgerEvent, ReservedClaim> = {
  name: 'confirm-claims-that-were-made',
  when: {
    LeadClaimed: ({ data }) => confirm(data),
    CustomerClaimed: ({ data }) => confirm(data),
    ClaimReserved: ({ data: { reservationId, until } }) => [
      schedule({ key: reservationId, at: until, data: { reservationId } }),
    ],
    ClaimConfirmed: ({ data }) => [cancel(data.reservationId)],
    ClaimReleased: ({ data }) => [cancel(data.reservationId)],
  },
  due: ({ data: { reservationId } }) => [send(SettleClaim.of({ reservationId }))],
};

const confirm = ({ ledgerReservationId }: { readonly ledgerReservationId?: string }): readonly Reaction<never>[] =>
  ledgerReservationId === undefined ? [] : [send(ConfirmClaim.of({ reservationId: ledgerReservationId }))];
