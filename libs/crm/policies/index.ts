import type { ReadState } from '#event-store';
import { enforced, type PolicyDefinition } from '#policies';
import { dataSubject } from '../audit-privacy/data-subject/data-subject.decider.js';
import { customer } from '../customer-record/customer/customer.decider.js';
import type { Customer } from '../customer-record/customer/customer.state.js';
import { lead } from '../high-sea/lead/lead.decider.js';
import type { Lead } from '../high-sea/lead/lead.state.js';
import { pool } from '../high-sea/pool/pool.decider.js';
import { carryOutErasures } from './carry-out-erasures.policy.js';
import { confirmClaimsThatWereMade } from './confirm-claims-that-were-made.policy.js';
import { expireQuotesAfterTheirLastDay } from './expire-quotes-after-their-last-day.policy.js';
import { linkRecordsOfOnePerson } from './link-records-of-one-person.policy.js';
import { freeIdentitiesNobodyNeeds, type ErasedFacts } from './free-identities-nobody-needs.policy.js';
import { keepPortfoliosTrue } from './keep-portfolios-true.policy.js';
import { personFacts } from './person-facts.js';
import { recycleWhatNobodyFollowsUp, type RecycleFacts } from './recycle-what-nobody-follows-up.policy.js';
import { doublesFacts } from './doubles-facts.js';
import { suspectDoubles } from './suspect-doubles.policy.js';
import { turnLeadsIntoCustomers } from './turn-leads-into-customers.policy.js';

/** Everything that the business does by itself: the role `policies` runs this list. */
export const policies: readonly PolicyDefinition[] = [
  enforced(confirmClaimsThatWereMade),
  enforced(keepPortfoliosTrue, async ({ data }, read) => ({ isCounted: await liesInDefinedPool(data, read) })),
  enforced(recycleWhatNobodyFollowsUp, ({ data }, read) => recycleFacts(data, read)),
  enforced(expireQuotesAfterTheirLastDay),
  enforced(turnLeadsIntoCustomers, async ({ data }, read) => ({ conversion: await conversionOf(data, read) })),
  enforced(suspectDoubles, doublesFacts),
  enforced(linkRecordsOfOnePerson, personFacts),
  enforced(carryOutErasures, async ({ data }, read) => ({ erasureId: await erasureOf(data, read) })),
  enforced(freeIdentitiesNobodyNeeds, ({ data }, read) => erasedFacts(data, read)),
];

async function conversionOf(data: object, read: ReadState) {
  const { leadId }: Named = data;
  const from = leadId === undefined ? undefined : await read(lead, leadId);
  return from !== undefined && 'conversion' in from ? from.conversion : undefined;
}

async function erasureOf({ subject }: { readonly subject?: string }, read: ReadState): Promise<string | undefined> {
  return subject === undefined ? undefined : (await read(dataSubject, subject)).erasure?.erasureId;
}

async function liesInDefinedPool(data: object, read: ReadState): Promise<boolean> {
  const poolId = await poolOf(data, read);
  return poolId !== undefined && (await read(pool, poolId)).status !== 'unknown';
}

/** The pool that an event names, or else the one of its lead or customer. */
async function poolOf(data: object, read: ReadState): Promise<string | undefined> {
  const { poolId, leadId, customerId, fromOwner }: Named = data;
  if (poolId !== undefined || fromOwner === undefined) return poolId;
  if (leadId !== undefined) return poolIdIn(await read(lead, leadId));
  return customerId === undefined ? undefined : poolIdIn(await read(customer, customerId));
}

/** The record as it is now; of one whose pool is not defined, or that no event or deadline names, nothing. */
async function recycleFacts(data: object, read: ReadState): Promise<RecycleFacts> {
  const { poolId: named, leadId, customerId, entityKind, recordId }: Named = data;
  if (named !== undefined && (await read(pool, named)).status === 'unknown') return {};
  const ofLead = entityKind === 'lead' ? recordId : leadId;
  if (ofLead !== undefined) return factsOf(await read(lead, ofLead), read);
  const ofCustomer = entityKind === 'customer' ? recordId : customerId;
  return ofCustomer === undefined ? {} : factsOf(await read(customer, ofCustomer), read);
}

async function erasedFacts(data: object, read: ReadState): Promise<ErasedFacts> {
  const { subject = '' }: { readonly subject?: string } = data;
  const customerId = /^customer:(.+)$/.exec(subject)?.[1];
  if (customerId === undefined) return {};
  const erased = await read(customer, customerId);
  if (erased.status === 'unknown') return {};
  const identities = Object.values(erased.identities).flatMap((held) => held?.identityId ?? []);
  return { customerId, identities };
}

async function factsOf(record: Lead | Customer, read: ReadState): Promise<RecycleFacts> {
  if (record.status === 'unknown' || record.poolId === undefined) return {};
  const from = await read(pool, record.poolId);
  const level = 'classification' in record ? record.classification['level'] : undefined;
  return { pool: from, level, ...('ownerId' in record && { held: record }) };
}

interface Named {
  readonly poolId?: string;
  readonly leadId?: string;
  readonly customerId?: string;
  readonly fromOwner?: string;
  readonly entityKind?: 'lead' | 'customer';
  readonly recordId?: string;
}

const poolIdIn = (record: { readonly status: string; readonly poolId?: string }): string | undefined => record.poolId;
