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
  retired,
  sealed,
  text,
} from '#kernel';
import { customerProfile, SHARED_CONTACTS } from '../../customer-record/customer/customer.events.js';
import { fieldChange, FOLLOW_UP_CHANNELS, FOLLOW_UP_OUTCOMES, RETURN_REASONS, visit } from '../../common.events.js';

/** What is told of the person or company behind a lead. */
export const leadProfile = record({
  name: optional(text),
  company: optional(text),
  phone: optional(text),
  email: optional(text),
  note: optional(text),
});

/** By what the lead can be reached from now on, and perhaps others too: keyed hashes of its phone and e-mail. */
const contacts = optional(list(id));

/** Stored for ever: add optional fields, never rename or remove. Lead 线索. */
export const leadEvents = {
  LeadCaptured: event('Somebody showed interest; the lead lies in a pool until somebody owns it.', {
    leadId: id,
    leadNumber: optional(text),
    source: optional(text),
    campaignId: optional(id),
    landingPage: optional(text),
    poolId: optional(id),
    profile: optional(sealed('lead', 'leadId', leadProfile)),
    submittedAt: optional(instant),
    stageVisit: visit,
    contacts,
  }),
  LeadClaimed: event('An employee took the lead from its pool and owns it now.', {
    leadId: id,
    claimantId: id,
    poolId: optional(id),
    fromState: oneOf('pooled'),
    claimPolicyVersion: optional(integer),
    ledgerReservationId: optional(id),
    protectedUntil: optional(instant),
    stageVisit: visit,
    ownershipVisit: visit,
  }),
  LeadAssigned: event('The lead was given to an employee, who owns it now.', {
    leadId: id,
    assigneeId: id,
    assignerId: id,
    poolId: optional(id),
    ruleVersion: optional(integer),
    overridesHoldingCap: optional(flag),
    stageVisit: visit,
    ownershipVisit: visit,
  }),
  LeadTransferred: event('The lead went from one owner to another.', {
    leadId: id,
    fromOwner: id,
    toOwner: id,
    reassignFollowUps: flag,
    overridesHoldingCap: optional(flag),
    ownershipVisit: visit,
  }),
  LeadReturned: event('The owner gave the lead back to a pool.', {
    leadId: id,
    ownerId: id,
    reasonCode: oneOf(...RETURN_REASONS),
    targetPoolId: optional(id),
    stageVisit: visit,
    ownershipVisit: visit,
  }),
  LeadActivityNoted: event('Somebody did for the lead what its pool counts as following it up; its owner keeps it.', {
    leadId: id,
    followUpId: id,
    channel: oneOf(...FOLLOW_UP_CHANNELS),
    outcome: oneOf(...FOLLOW_UP_OUTCOMES),
  }),
  LeadRecycleWarned: event('The owner was warned that the lead goes back to a pool unless it is followed up.', {
    leadId: id,
    ownerId: id,
    ruleId: id,
    policyVersion: integer,
    recycleAt: instant,
  }),
  LeadRecycled: event('The lead went back to a pool because a recycling rule held.', {
    leadId: id,
    previousOwnerId: id,
    targetPoolId: optional(id),
    ruleId: optional(id),
    policyVersion: optional(integer),
    basis: record({ lastQualifyingActivityAt: optional(instant), idleDays: integer, threshold: integer }),
    warnedAt: optional(instant),
    stageVisit: visit,
    ownershipVisit: visit,
  }),
  LeadQualified: event(
    'The owner found the lead worth pursuing.',
    {
      leadId: id,
      criteria: list(record({ criterionId: code, evidence: sealed('lead', 'leadId', text) })),
      stageVisit: visit,
    },
    // What people wrote stood in the clear, under other words than opportunities use.
    retired({ leadId: id, criteria: list(record({ name: code, value: text })), stageVisit: visit }, (data) => ({
      ...data,
      criteria: data.criteria.map(({ name, value }) => ({ criterionId: name, evidence: value })),
    })),
  ),
  LeadDisqualified: event('The lead was judged not worth pursuing.', {
    leadId: id,
    reasonCode: oneOf(...RETURN_REASONS),
    ownerId: optional(id),
    stageVisit: visit,
    ownershipVisit: optional(visit),
  }),
  LeadReopened: event('A manager put a disqualified lead back into its pool.', {
    leadId: id,
    stageVisit: visit,
  }),
  LeadConversionRequested: event(
    'The lead is to become a customer of its own; until it is, or that is declined, nobody changes it.',
    {
      leadId: id,
      customerId: id,
      ownerId: id,
      partyType: oneOf('company', 'person'),
      profile: sealed('lead', 'leadId', customerProfile),
      nonIdentifying: optional(list(oneOf(...SHARED_CONTACTS))),
      poolId: optional(id),
      source: optional(text),
      campaignId: optional(id),
      opportunity: optional(
        record({
          opportunityId: id,
          processId: id,
          productId: optional(id),
          amount: optional(money),
          expectedClose: optional(date),
        }),
      ),
      carryFollowUps: flag,
    },
  ),
  LeadConversionDeclined: event('The customer that the lead was to become could not be registered; the lead stays.', {
    leadId: id,
    customerId: id,
    /** The rule that said no, by the code of its refusal. */
    refusal: code,
    /** By what another customer is known that this one was to be known by, and which customer that is. */
    identityKind: optional(code),
    holderId: optional(id),
  }),
  LeadConverted: event('The lead became a customer, and perhaps an opportunity.', {
    leadId: id,
    customerId: id,
    contactId: optional(id),
    opportunityId: optional(id),
    ownerId: optional(id),
    carryFollowUps: flag,
    matchedExisting: flag,
    stageVisit: visit,
    ownershipVisit: optional(visit),
  }),
  LeadProfileCorrected: event('Fields of the lead were corrected.', {
    leadId: id,
    changes: list(fieldChange('lead', 'leadId')),
    contacts,
    /** By what it could be reached until now. */
    formerContacts: contacts,
  }),
  LeadDuplicateSuspected: event('Another record can be reached by the same phone or e-mail; a person decides.', {
    leadId: id,
    /** The other one: `lead:3f2c…` or `customer:3f2c…`. */
    of: id,
    identityId: id,
  }),
  LeadDuplicateCleared: event('One of the two can be reached by that phone or e-mail no more, or is closed.', {
    leadId: id,
    of: id,
    identityId: id,
  }),
  LeadDuplicateDismissed: event('Somebody said that the two are not the same; they are not suspected again.', {
    leadId: id,
    of: id,
  }),
};

export type LeadEvent = EventOf<typeof leadEvents>;
