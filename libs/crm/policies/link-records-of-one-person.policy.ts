import type { EventSchemas, Policy, Reaction, RecordedEvent } from '#kernel';
import { send } from '#kernel';
import { LinkDataSubjects } from '../audit-privacy/data-subject/data-subject.commands.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import type { FollowUpEvent } from '../engagement/follow-up/follow-up.events.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import type { QuoteEvent } from '../offer/quote/quote.events.js';
import { quoteEvents } from '../offer/quote/quote.events.js';
import type { OpportunityEvent } from '../pipeline/opportunity/opportunity.events.js';
import { opportunityEvents } from '../pipeline/opportunity/opportunity.events.js';

export interface PersonFacts {
  /** The data subject of the person whom the record is about; undefined when that is a company. */
  readonly person?: string | undefined;
}

type Told = LeadEvent | CustomerEvent | FollowUpEvent | OpportunityEvent | QuoteEvent;

/** PR1: a person is erased with all that was written about them. A company is none: who asks on its behalf is somebody else each time. */
export const linkRecordsOfOnePerson: Policy<Told, object, PersonFacts> = {
  name: 'link-records-of-one-person',
  when: {
    CustomerRegistered: ({ data: { leadId } }, { person }) => link(person, leadId && `lead:${leadId}`),
    LeadConverted: ({ data: { leadId } }, { person }) => link(person, `lead:${leadId}`),
    FollowUpRecorded: linkIfTold,
    ...whichever(opportunityEvents),
    ...whichever(quoteEvents),
  },
};

export type Telling = Pick<RecordedEvent, 'data' | 'reason'>;

/** Whether an event tells of somebody in words. */
export const tellsInWords = ({ reason, data }: Telling): boolean => reason?.text !== undefined || 'evidence' in data;

/** Records that only refer to the person hold nothing to be erased until somebody writes something. */
function linkIfTold(event: RecordedEvent, { person }: PersonFacts): readonly Reaction<never>[] {
  return tellsInWords(event) ? link(person, event.stream.replace('-', ':')) : [];
}

function link(person: string | undefined, record: string | undefined): readonly Reaction<never>[] {
  return person === undefined || record === undefined
    ? []
    : [send(LinkDataSubjects.of({ subject: person, linked: record }))];
}

/** The same for all events of an aggregate. */
function whichever<Schemas extends EventSchemas>(schemas: Schemas) {
  return Object.fromEntries(Object.keys(schemas).map((type) => [type, linkIfTold])) as Readonly<
    Record<keyof Schemas, typeof linkIfTold>
  >;
}
