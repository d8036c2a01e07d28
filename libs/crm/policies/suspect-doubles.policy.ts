import type { Policy, Reaction } from '#kernel';
import { send } from '#kernel';
import type { DataSubjectEvent } from '../audit-privacy/data-subject/data-subject.events.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import { MentionIdentity, WithdrawIdentityMention } from '../customer-record/identity/identity.commands.js';
import type { IdentityEvent } from '../customer-record/identity/identity.events.js';
import { ClearLeadDuplicate, SuspectLeadDuplicate } from '../high-sea/lead/lead.commands.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';

/** An open record that tells of an identity. */
interface Mention {
  readonly identityId: string;
  readonly record: string;
}

export interface DoublesFacts {
  /** By what a lead that was closed, reopened or erased can be reached. */
  readonly contacts?: readonly string[];
  /** Who else tells of what a customer is known by now, or was until now. */
  readonly mentions?: readonly Mention[];
}

type Told = LeadEvent | CustomerEvent | IdentityEvent | DataSubjectEvent;
type Reactions = readonly Reaction<never>[];

/**
 * A soft rule (model.md §4.0): records that can be reached by one phone or e-mail are allowed, noticed and marked. Every
 * open lead is noted where its phone or e-mail has a stream, so that of two that come at once the second finds the first.
 */
export const suspectDoubles: Policy<Told, object, DoublesFacts> = {
  name: 'suspect-doubles',
  when: {
    LeadCaptured: ({ data: { leadId, contacts } }) => mention(leadId, contacts),
    LeadReopened: ({ data: { leadId } }, { contacts }) => mention(leadId, contacts),
    LeadProfileCorrected: ({ data: { leadId, contacts, formerContacts } }) => [
      ...withdraw(leadId, formerContacts),
      ...mention(leadId, contacts),
    ],
    LeadDisqualified: ({ data: { leadId } }, { contacts }) => withdraw(leadId, contacts),
    LeadConverted: ({ data: { leadId } }, { contacts }) => withdraw(leadId, contacts),
    SubjectKeyDestroyed: ({ data: { subject } }, { contacts }) => withdraw(subject.replace(/^lead:/, ''), contacts),
    IdentityMentioned: ({ data: { identityId, record, holderId, alsoBy } }) =>
      [...customers(holderId), ...alsoBy].flatMap((other) => suspect({ identityId, record }, other)),
    IdentityMentionWithdrawn: ({ data: { identityId, record, holderId, alsoBy } }) => [
      ...[...customers(holderId), ...alsoBy].flatMap((other) => clear({ identityId, record }, other)),
      ...alsoBy.flatMap((other) => clear({ identityId, record: other }, record)),
    ],
    CustomerRegistered: ({ data }, facts) => compare(data, facts),
    CustomerProfileCorrected: ({ data }, facts) => compare(data, facts),
    KeyFieldRevised: ({ data }, facts) => compare(data, facts),
  },
};

const recordOf = (leadId: string): string => `lead:${leadId}`;
const customers = (holderId: string | undefined) => (holderId === undefined ? [] : [`customer:${holderId}`]);

const mention = (leadId: string, contacts: readonly string[] = []): Reactions =>
  contacts.map((identityId) => send(MentionIdentity.of({ identityId, record: recordOf(leadId) })));

const withdraw = (leadId: string, contacts: readonly string[] = []): Reactions =>
  contacts.map((identityId) => send(WithdrawIdentityMention.of({ identityId, record: recordOf(leadId) })));

const suspect = (mention: Mention, of: string): Reactions =>
  leadIn(mention).map((leadId) => send(SuspectLeadDuplicate.of({ leadId, of, identityId: mention.identityId })));

const clear = (mention: Mention, of: string): Reactions =>
  leadIn(mention).map((leadId) => send(ClearLeadDuplicate.of({ leadId, of, identityId: mention.identityId })));

/** Leads are the first who may tell of what others are known by; only they are marked. */
const leadIn = ({ record }: Mention): readonly string[] =>
  record.startsWith('lead:') ? [record.slice('lead:'.length)] : [];

/** Every lead that tells of what the customer is known by, but for the one that it comes from. */
function compare(
  {
    customerId,
    leadId = '',
    identities = [],
    formerIdentities = [],
  }: {
    readonly customerId: string;
    readonly leadId?: string;
    readonly identities?: readonly string[];
    readonly formerIdentities?: readonly { readonly identityId: string }[];
  },
  { mentions = [] }: DoublesFacts,
): Reactions {
  const [customer] = customers(customerId);
  const former = formerIdentities.map(({ identityId }) => identityId);
  return mentions.flatMap((mention) => {
    if (customer === undefined || mention.record === recordOf(leadId)) return [];
    if (identities.includes(mention.identityId)) return suspect(mention, customer);
    return former.includes(mention.identityId) ? clear(mention, customer) : [];
  });
}
