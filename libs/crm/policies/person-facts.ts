import type { ReadState } from '#event-store';
import { customer } from '../customer-record/customer/customer.decider.js';
import { quote } from '../offer/quote/quote.decider.js';
import { opportunity } from '../pipeline/opportunity/opportunity.decider.js';
import { tellsInWords, type PersonFacts, type Telling } from './link-records-of-one-person.policy.js';

/** Whom the record of an event is about, followed from quote to opportunity to customer. */
export async function personFacts(about: Telling, read: ReadState): Promise<PersonFacts> {
  const { customerId, leadId, entityKind, recordId, opportunityId, quoteId }: Named = about.data;
  if (leadId === undefined && !tellsInWords(about)) return {};
  if (entityKind === 'lead') return { person: `lead:${recordId ?? ''}` };
  const id = customerId ?? recordId ?? (await customerOf(opportunityId ?? (await opportunityOf(quoteId, read)), read));
  if (id === undefined) return {};
  const record = await read(customer, id);
  return record.status !== 'unknown' && record.partyType === 'person' ? { person: `customer:${id}` } : {};
}

async function opportunityOf(quoteId: string | undefined, read: ReadState): Promise<string | undefined> {
  const known = quoteId === undefined ? undefined : await read(quote, quoteId);
  return known === undefined || known.status === 'unknown' ? undefined : known.opportunityId;
}

async function customerOf(opportunityId: string | undefined, read: ReadState): Promise<string | undefined> {
  const known = opportunityId === undefined ? undefined : await read(opportunity, opportunityId);
  return known === undefined || known.status === 'unknown' ? undefined : known.customerId;
}

interface Named {
  readonly customerId?: string;
  readonly leadId?: string;
  readonly entityKind?: 'lead' | 'customer';
  readonly recordId?: string;
  readonly opportunityId?: string;
  readonly quoteId?: string;
}
