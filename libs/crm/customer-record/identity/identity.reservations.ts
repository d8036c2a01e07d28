import { parsePhoneNumberFromString } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import type { Intended, Mark, Reservation } from '#event-store';
import { identityOf } from '../../identities.js';
import { ReserveIdentity, SettleIdentity } from './identity.commands.js';

type About = Pick<Intended<unknown, unknown>, 'fingerprint' | 'stream' | 'eventId' | 'reservedUntil'>;
type Kind = keyof typeof normalForms;
type Texts = Readonly<Partial<Record<Kind, string>>>;

/** Everything by which an event makes a record known, each time under the id of that event. */
export function knownBy(holderId: string, texts: Texts, about: About): readonly Reservation[] {
  const { stream, eventId: reservationId, reservedUntil: until } = about;
  const identities = identitiesIn(kinds, texts, about);
  return identities.map((identityId) => ({
    reserve: ReserveIdentity.of({ identityId, holderId, stream, reservationId, until }),
    settle: SettleIdentity.of({ identityId, reservationId }),
    proof: { identities },
  }));
}

/** By what an event makes a record reachable that others may be reached by as well. */
export function reachedBy({ phone, email }: Texts, about: About): readonly Mark[] {
  const contacts = identitiesIn(['phone', 'email'], { phone: isCallable(phone) ? phone : undefined, email }, about);
  return contacts.length === 0 ? [] : [{ proof: { contacts } }];
}

/** `n/a` and `0000` stand in many a phone field. */
const isCallable = (phone = ''): boolean => phone.normalize('NFKC').replaceAll(/\D/g, '').length >= 5;

const identitiesIn = (of: readonly Kind[], texts: Texts, { fingerprint }: About): readonly string[] =>
  of.flatMap((kind) => {
    const text = texts[kind];
    return text === undefined ? [] : [identityOf(kind, normalForms[kind](text), fingerprint)];
  });

/** However it is written: width, case, spaces and dashes tell nobody apart. */
export const bare = (text: string): string => text.normalize('NFKC').toUpperCase().replaceAll(/[\s-]/g, '');

/** Numbers without a country are Chinese. An extension is part of the number: a switchboard without one is shared. */
const phone = (text: string): string =>
  parsePhoneNumberFromString(text.normalize('NFKC'), 'CN', metadata)?.format('RFC3966') ?? bare(text);

/** CI10: what is the same is written the same before it is hashed. */
export const normalForms = {
  registrationNumber: bare,
  phone,
  email: (text: string): string => text.normalize('NFKC').trim().toLowerCase(),
};
const kinds: readonly Kind[] = ['registrationNumber', 'phone', 'email'];
