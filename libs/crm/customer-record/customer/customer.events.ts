import type { EventOf } from '#kernel';
import {
  code,
  date,
  event,
  flag,
  id,
  instant,
  integer,
  list,
  money,
  oneOf,
  optional,
  record,
  sealed,
  text,
} from '#kernel';
import { fieldChange, FOLLOW_UP_CHANNELS, FOLLOW_UP_OUTCOMES, RETURN_REASONS, visit } from '../../common.events.js';

/** What tells of the person or company itself; erased with its key. */
export const customerProfile = record({
  legalName: optional(text),
  shortName: optional(text),
  registrationNumber: optional(text),
  taxNumber: optional(text),
  bankAccount: optional(text),
  invoiceTitle: optional(text),
  phone: optional(text),
  email: optional(text),
  website: optional(text),
  address: optional(text),
  postcode: optional(text),
  remarks: optional(text),
});

/** What the customer counts under in reports; stays when the person is erased. */
export const customerClassification = record({
  industry: optional(text),
  region: optional(text),
  country: optional(text),
  city: optional(text),
  level: optional(text),
  foundedIn: optional(integer),
  employeeCount: optional(integer),
  annualRevenue: optional(money),
  creditLimit: optional(money),
});

/** What changes only through the revision mechanism (CI1): proposed with a reason, decided by somebody else. */
export const KEY_FIELDS = [
  'legalName',
  'registrationNumber',
  'taxNumber',
  'bankAccount',
  'invoiceTitle',
  'level',
  'creditLimit',
] as const;

/** Contacts that several customers may share, such as the phone of a switchboard; then they tell nobody apart (CI10). */
export const SHARED_CONTACTS = ['phone', 'email'] as const;

const nonIdentifying = optional(list(oneOf(...SHARED_CONTACTS)));
/** What the customer is known by from now on, and nobody else: keyed hashes, reserved under the id of the event. */
const identities = optional(list(id));
/** What it was known by until now, each with the reservation that is given back. */
const formerIdentities = optional(list(record({ identityId: id, reservationId: id })));

/** What a recycling rule watches. */
export const RECYCLE_TRIGGERS = ['no_follow_up', 'no_opportunity', 'not_won', 'contract_ended'] as const;

/** Stored for ever: add optional fields, never rename or remove. Customer 客户. */
export const customerEvents = {
  CustomerRegistered: event('A person or company became a customer record; it lies in a pool until somebody owns it.', {
    customerId: id,
    customerNumber: optional(text),
    partyType: oneOf('company', 'person'),
    profile: sealed('customer', 'customerId', customerProfile),
    classification: customerClassification,
    parentId: optional(id),
    leadId: optional(id),
    source: optional(text),
    poolId: optional(id),
    nonIdentifying,
    identities,
  }),
  CustomerClaimed: event('An employee took the customer from the pool and owns it now.', {
    customerId: id,
    claimantId: id,
    poolId: optional(id),
    fromState: oneOf('pooled'),
    claimPolicyVersion: optional(integer),
    ledgerReservationId: optional(id),
    protectedUntil: optional(instant),
    ownershipVisit: visit,
  }),
  CustomerAssigned: event('The customer was given to an employee, who owns it now.', {
    customerId: id,
    assigneeId: id,
    assignerId: id,
    poolId: optional(id),
    overridesHoldingCap: optional(flag),
    ownershipVisit: visit,
  }),
  CustomerTransferred: event('The customer went from one owner to another.', {
    customerId: id,
    fromOwner: id,
    toOwner: id,
    reassignFollowUps: flag,
    overridesHoldingCap: optional(flag),
    ownershipVisit: visit,
  }),
  CustomerReturned: event('The owner gave the customer back to a pool.', {
    customerId: id,
    ownerId: id,
    reasonCode: oneOf(...RETURN_REASONS),
    targetPoolId: optional(id),
    ownershipVisit: visit,
  }),
  CustomerActivityNoted: event(
    'Somebody did for the customer what its pool counts as following it up; its owner keeps it.',
    {
      customerId: id,
      followUpId: id,
      channel: oneOf(...FOLLOW_UP_CHANNELS),
      outcome: oneOf(...FOLLOW_UP_OUTCOMES),
    },
  ),
  CustomerRecycleWarned: event('The owner was warned that the customer goes back to a pool unless it is followed up.', {
    customerId: id,
    ownerId: id,
    ruleId: id,
    policyVersion: integer,
    recycleAt: instant,
  }),
  CustomerRecycled: event('The customer went back to a pool because a recycling rule held.', {
    customerId: id,
    previousOwnerId: id,
    targetPoolId: optional(id),
    ruleId: optional(id),
    policyVersion: optional(integer),
    basis: record({
      trigger: oneOf(...RECYCLE_TRIGGERS),
      lastQualifyingActivityAt: optional(instant),
      idleDays: integer,
      threshold: integer,
      openOpportunityIds: list(id),
      lastContractEnd: optional(date),
    }),
    warnedAt: optional(instant),
    ownershipVisit: visit,
  }),
  CustomerProfileCorrected: event('Ordinary fields of the customer were corrected.', {
    customerId: id,
    changes: list(fieldChange('customer', 'customerId')),
    nonIdentifying,
    identities,
    formerIdentities,
  }),
  KeyFieldRevisionProposed: event('Somebody proposed another value for a key field.', {
    customerId: id,
    proposalId: id,
    change: fieldChange('customer', 'customerId'),
    basedOnRevision: integer,
    proposerId: id,
  }),
  KeyFieldRevised: event('A key field got another value through the revision mechanism.', {
    customerId: id,
    proposalId: id,
    change: fieldChange('customer', 'customerId'),
    proposerId: id,
    deciderId: id,
    identities,
    formerIdentities,
  }),
  KeyFieldRevisionRejected: event('A proposed value for a key field was refused.', {
    customerId: id,
    proposalId: id,
    field: code,
    deciderId: id,
  }),
  KeyFieldRevisionWithdrawn: event('The proposer took a proposed value for a key field back.', {
    customerId: id,
    proposalId: id,
    field: code,
  }),
};

export type CustomerEvent = EventOf<typeof customerEvents>;
