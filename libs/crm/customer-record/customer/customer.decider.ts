import { asTexts, changesBetween } from '../../field-changes.js';
import { customerEvents } from './customer.events.js';
import { ownershipDecisions, ownershipSteps } from './customer.ownership.js';
import { recyclingDecisions, recyclingSteps } from './customer.recycling.js';
import { revisionDecisions, revisionSteps, withChanges } from './customer.revisions.js';
import type { CustomerDecider } from './customer.state.js';
import { formerIdentities, known, knownBy, learn, named, refusal } from './customer.state.js';

/** Customer 客户: a person or company on record, in a pool or owned by one employee, each change of it proven. */
export const customer: CustomerDecider = {
  name: 'customer',
  events: customerEvents,
  initial: { status: 'unknown' },
  idOf: ({ customerId }) => customerId,
  ownerOf: (customer) => (customer.status === 'owned' ? customer.ownerId : undefined),
  decide: {
    RegisterCustomer: (customer, { customerId, partyType = 'company', classification = {}, ...command }) => {
      const { customerNumber, profile, parentId, leadId, source, poolId, nonIdentifying } = command;
      const origin = { parentId, leadId, source, poolId };
      if (customer.status !== 'unknown') throw refusal('CUSTOMER_ALREADY_REGISTERED', { customerId });
      named(customerId, asTexts(profile));
      if (parentId === customerId) throw refusal('CUSTOMER_UNDER_ITSELF', { customerId });
      return [
        {
          type: 'CustomerRegistered',
          data: { customerId, customerNumber, partyType, profile, classification, ...origin, nonIdentifying },
        },
      ];
    },
    CorrectCustomerProfile: (customer, { customerId, profile = {}, classification = {}, nonIdentifying, reason }) => {
      const who = known(customer, customerId);
      const changes = [
        ...changesBetween(who.profile, profile, 'personal'),
        ...changesBetween(who.classification, classification, 'clear'),
      ];
      if (changes.length === 0) return [];
      if (reason === undefined) throw refusal('REASON_REQUIRED', { customerId });
      named(customerId, withChanges(who, changes).profile);
      const former = formerIdentities(who, changes);
      return [
        {
          type: 'CustomerProfileCorrected',
          data: { customerId, changes, nonIdentifying, formerIdentities: former },
        },
      ];
    },
    ...ownershipDecisions,
    ...recyclingDecisions,
    ...revisionDecisions,
  },
  evolve: {
    CustomerRegistered: (
      _,
      { customerId, partyType, poolId, profile, classification, identities },
      { eventId, occurredAt },
    ) => ({
      status: 'pooled',
      customerId,
      partyType,
      poolId,
      profile: asTexts(profile),
      classification: asTexts(classification),
      identities: knownBy({}, { changes: [], identities }, eventId),
      ownershipVisits: 0,
      pooledSince: occurredAt,
      releases: {},
      revision: 0,
      revisedAt: {},
      proposals: {},
    }),
    CustomerProfileCorrected: learn((customer, { changes, identities }, { eventId }) => ({
      ...withChanges(customer, changes),
      identities: knownBy(customer.identities, { changes, identities }, eventId),
    })),
    ...ownershipSteps,
    ...recyclingSteps,
    ...revisionSteps,
  },
};
