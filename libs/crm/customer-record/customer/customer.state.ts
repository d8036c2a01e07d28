import type { Decider, Occurrence } from '#kernel';
import { Refusal } from '#kernel';
import type { ClaimingRefusal, Pooling, TakingFacts } from '../../claiming.js';
import type { FieldChange, Texts } from '../../field-changes.js';
import { kindOf } from '../../identities.js';
import type { Held } from '../../ownership.js';
import type { RecyclingRefusal } from '../../recycling.js';
import type * as commands from './customer.commands.js';
import type { CustomerEvent, KEY_FIELDS } from './customer.events.js';

export type CustomerRefusal =
  | ClaimingRefusal
  | RecyclingRefusal
  | 'CUSTOMER_UNKNOWN'
  | 'CUSTOMER_ALREADY_REGISTERED'
  | 'CUSTOMER_NAME_REQUIRED'
  | 'CUSTOMER_UNDER_ITSELF'
  | 'CUSTOMER_ALREADY_CLAIMED'
  | 'CUSTOMER_NOT_OWNED'
  | 'CUSTOMER_STILL_ACTIVE'
  | 'CUSTOMER_PROTECTED'
  | 'CONTRACT_END_REQUIRED'
  | 'PROPOSAL_UNKNOWN'
  | 'PROPOSAL_ALREADY_MADE'
  | 'PROPOSAL_CLOSED'
  | 'PROPOSAL_STALE'
  | 'PROPOSAL_ON_FUTURE_REVISION'
  | 'PROPOSER_MAY_NOT_DECIDE'
  | 'NOT_THE_PROPOSER'
  | 'REASON_REQUIRED'
  | 'REASON_TEXT_REQUIRED';

export type KeyField = (typeof KEY_FIELDS)[number];

/** Another value proposed for a key field, and what became of the proposal. */
export interface Proposal {
  readonly status: 'open' | 'approved' | 'rejected' | 'withdrawn';
  readonly field: string;
  /** Absent: the field is to lose its value. */
  readonly value?: string;
  readonly basedOnRevision: number;
  readonly proposerId: string;
}

/** A keyed hash of which nobody else may have the text, and under which reservation the customer has it. */
export interface HeldIdentity {
  readonly identityId: string;
  readonly reservationId: string;
}

interface Known extends Pooling {
  readonly customerId: string;
  readonly partyType: 'company' | 'person';
  readonly poolId?: string;
  readonly profile: Texts;
  readonly classification: Texts;
  /** What it is known by and nobody else, by the field that tells it. */
  readonly identities: Readonly<Partial<Record<string, HeldIdentity>>>;
  readonly ownershipVisits: number;
  /** The revision of the last event, and of the one that gave a key field its value; 0 where registration did. */
  readonly revision: number;
  readonly revisedAt: Readonly<Record<string, number>>;
  readonly proposals: Readonly<Record<string, Proposal>>;
}

export type Customer =
  | { readonly status: 'unknown' }
  | (Known & { readonly status: 'pooled' })
  | (Known & Held & { readonly status: 'owned' });

export type KnownCustomer = Exclude<Customer, { status: 'unknown' }>;
export type CustomerDecider = Decider<Customer, CustomerEvent, typeof commands, TakingFacts>;

export const refusal = (code: CustomerRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<CustomerRefusal>(code, details);

export function known(customer: Customer, customerId: string): KnownCustomer {
  if (customer.status === 'unknown') throw refusal('CUSTOMER_UNKNOWN', { customerId });
  return customer;
}

/** A customer has a name, whatever else is taken away. */
export function named(customerId: string, { legalName, shortName }: Texts) {
  if (legalName === undefined && shortName === undefined) throw refusal('CUSTOMER_NAME_REQUIRED', { customerId });
}

/** What a customer is known by once it has other values in these fields: by those, if by any. */
export const knownBy = (
  held: KnownCustomer['identities'],
  { changes, identities = [] }: { readonly changes: readonly FieldChange[]; readonly identities?: readonly string[] },
  reservationId: string,
): KnownCustomer['identities'] => ({
  ...held,
  ...Object.fromEntries(changes.map(({ field }) => [field, undefined])),
  ...Object.fromEntries(identities.map((identityId) => [kindOf(identityId), { identityId, reservationId }])),
});

/** What a customer is known by only until these fields change; undefined where by nothing. */
export function formerIdentities(
  { identities }: KnownCustomer,
  changes: readonly FieldChange[],
): readonly HeldIdentity[] | undefined {
  const former = changes.flatMap(({ field }) => identities[field] ?? []);
  return former.length === 0 ? undefined : former;
}

/** What an event means to a known customer; to an unknown one it means nothing. */
export const learn =
  <Data>(step: (customer: KnownCustomer, data: Data, at: Occurrence) => KnownCustomer) =>
  (customer: Customer, data: Data, at: Occurrence): Customer =>
    customer.status === 'unknown' ? customer : { ...step(customer, data, at), revision: Number(at.revision) };
