import type { ReadState } from '#event-store';
import type { RecordedEvent } from '#kernel';
import { identity } from '../customer-record/identity/identity.decider.js';
import { lead } from '../high-sea/lead/lead.decider.js';
import type { DoublesFacts } from './suspect-doubles.policy.js';

/** Events of a lead that do not tell themselves by what it can be reached. */
const WITHOUT_CONTACTS: readonly string[] = [
  'LeadReopened',
  'LeadDisqualified',
  'LeadConverted',
  'SubjectKeyDestroyed',
];

/** By what the lead of an event can be reached, and who tells of what its customer is known by. */
export async function doublesFacts(
  about: Pick<RecordedEvent, 'type' | 'data'> | { readonly data: object },
  read: ReadState,
): Promise<DoublesFacts> {
  const { leadId, subject = '', identities = [], formerIdentities = [] }: Named = about.data;
  if ('type' in about && WITHOUT_CONTACTS.includes(about.type)) {
    const closed = leadId ?? /^lead:(.+)$/.exec(subject)?.[1];
    if (closed === undefined) return {};
    const from = await read(lead, closed);
    return from.status === 'unknown'
      ? {}
      : { contacts: Object.values(from.doubles.contacts).flatMap((one) => one ?? []) };
  }
  const ids = [...identities, ...formerIdentities.map(({ identityId }) => identityId)];
  const mentions = await Promise.all(
    ids.map(async (identityId) =>
      (await read(identity, identityId)).mentionedBy.map((record) => ({ identityId, record })),
    ),
  );
  return { mentions: mentions.flat() };
}

interface Named {
  readonly leadId?: string;
  readonly subject?: string;
  readonly identities?: readonly string[];
  readonly formerIdentities?: readonly { readonly identityId: string }[];
}
