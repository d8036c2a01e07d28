import type { FieldChange } from '../../field-changes.js';
import { kindOf } from '../../identities.js';
import type { Doubles, Lead, LeadDecider } from './lead.state.js';
import { isKnown, isOwned, refusal } from './lead.state.js';

/** A soft rule: two leads, or a lead and a customer, may have one phone. That is noticed, and a person decides. */
export const duplicateDecisions: Pick<
  LeadDecider['decide'],
  'SuspectLeadDuplicate' | 'ClearLeadDuplicate' | 'DismissLeadDuplicate'
> = {
  SuspectLeadDuplicate: (lead, { leadId, of, identityId }) => {
    if (!isOpen(lead) || becomes(lead, of)) return [];
    const { suspected, dismissed } = lead.doubles;
    if (dismissed.includes(of) || suspected.some(isThis(of, identityId))) return [];
    return [{ type: 'LeadDuplicateSuspected', data: { leadId, of, identityId } }];
  },
  ClearLeadDuplicate: (lead, { leadId, of, identityId }) =>
    isKnown(lead) && lead.doubles.suspected.some(isThis(of, identityId))
      ? [{ type: 'LeadDuplicateCleared', data: { leadId, of, identityId } }]
      : [],
  DismissLeadDuplicate: (lead, { leadId, of, reason }) => {
    if (!isKnown(lead)) throw refusal('LEAD_UNKNOWN', { leadId });
    const { suspected, dismissed } = lead.doubles;
    if (dismissed.includes(of)) return [];
    if (!suspected.some((one) => one.of === of)) throw refusal('DUPLICATE_NOT_SUSPECTED', { leadId, of });
    if (reason === undefined) throw refusal('REASON_REQUIRED', { leadId, of });
    return [{ type: 'LeadDuplicateDismissed', data: { leadId, of } }];
  },
};

export const duplicateSteps: Pick<
  LeadDecider['evolve'],
  'LeadDuplicateSuspected' | 'LeadDuplicateCleared' | 'LeadDuplicateDismissed'
> = {
  LeadDuplicateSuspected: (lead, { of, identityId }) => suspecting(lead, of, identityId),
  LeadDuplicateCleared: (lead, { of, identityId }) =>
    learn(lead, ({ suspected }) => ({ suspected: suspected.filter((one) => !isThis(of, identityId)(one)) })),
  LeadDuplicateDismissed: (lead, { of }) =>
    learn(lead, ({ suspected, dismissed }) => ({
      suspected: suspected.filter((one) => one.of !== of),
      dismissed: [...dismissed, of],
    })),
};

export const NO_DOUBLES: Doubles = { contacts: {}, suspected: [], dismissed: [] };

/** The lead with one more record that may be the same. */
export const suspecting = (lead: Lead, of: string, identityId?: string): Lead =>
  learn(lead, ({ suspected }) => ({ suspected: [...suspected, { of, identityId }] }));

/** A lead that is closed is nobody's double. */
export const unsuspected = (doubles: Doubles): Doubles => ({ ...doubles, suspected: [] });

/** What the lead can be reached by once these fields changed: by the new contacts, if by any. */
export const reachableBy = (
  doubles: Doubles,
  contacts: readonly string[] = [],
  changes: readonly FieldChange[] = [],
): Doubles => ({
  ...doubles,
  contacts: {
    ...doubles.contacts,
    ...Object.fromEntries(changes.map(({ field }) => [field, undefined])),
    ...Object.fromEntries(contacts.map((contact) => [kindOf(contact), contact])),
  },
});

/** What the lead can be reached by only until these fields change; undefined where by nothing. */
export function formerContacts({ contacts }: Doubles, changes: readonly FieldChange[]): readonly string[] | undefined {
  const former = changes.flatMap(({ field }) => contacts[field] ?? []);
  return former.length === 0 ? undefined : former;
}

const learn = (lead: Lead, step: (doubles: Doubles) => Partial<Doubles>): Lead =>
  isKnown(lead) ? { ...lead, doubles: { ...lead.doubles, ...step(lead.doubles) } } : lead;

const isOpen = (lead: Lead) => lead.status === 'pooled' || isOwned(lead);
const becomes = (lead: Lead, of: string) => isOwned(lead) && `customer:${lead.conversion?.customerId ?? ''}` === of;
const isThis = (of: string, identityId: string) => (one: Doubles['suspected'][number]) =>
  one.of === of && one.identityId === identityId;
