import type { Intended, Need } from '#event-store';
import { ReserveIdentity } from './customer-record/identity/identity.commands.js';
import { bare } from './customer-record/identity/identity.reservations.js';
import { identityOf } from './identities.js';

type About = Pick<Intended<unknown, unknown>, 'fingerprint' | 'stream' | 'eventId'>;

/** The series out of which records are numbered, by the field that holds the number. */
const SERIES = { leadNumber: 'L', customerNumber: 'C', quoteNumber: 'Q' } as const;

/** LI11: the number of a record: the next of its series, or one that somebody chose; never reused, so it is gone even if the record comes to nothing. */
export function numberOf(
  kind: keyof typeof SERIES,
  holderId: string,
  number: string | undefined,
  { fingerprint, stream, eventId: reservationId }: About,
): readonly Need[] {
  if (number === undefined) return [{ series: SERIES[kind], field: kind }];
  const identityId = identityOf(kind, bare(number), fingerprint);
  return [{ reserve: ReserveIdentity.of({ identityId, holderId, stream, reservationId }) }];
}
