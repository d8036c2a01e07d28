import type { Texts } from '../../field-changes.js';
import { suspecting, unsuspected } from './lead.duplicates.js';
import type { LeadDecider, LeadFacts, OwnedLead } from './lead.state.js';
import { closes, inConversion, isKnown, isOwned, known, owned, ownedOrConverting, refusal } from './lead.state.js';

/** LI10: a lead becomes a customer once, be it one of its own or, for a reason, one that was there before. */
export const conversionDecisions: Pick<
  LeadDecider['decide'],
  'RequestLeadConversion' | 'DeclineLeadConversion' | 'ConvertLead'
> = {
  RequestLeadConversion: (lead, { leadId, customerId, partyType, opportunity, reason, ...command }, { facts }) => {
    if (lead.status === 'converted' && lead.customerId === customerId) return [];
    if (isOwned(lead) && lead.conversion?.customerId === customerId) return [];
    const held = owned(lead, leadId);
    const { ownerId, source, campaignId } = held;
    const suspectedOf = held.doubles.suspected.map(({ of }) => of);
    const profile = { ...toldOf(held), ...given(command.profile) };
    if (profile['legalName'] === undefined && profile['shortName'] === undefined)
      throw refusal('LEAD_NAME_REQUIRED', { leadId });
    if (suspectedOf.length > 0 && reason === undefined) throw refusal('REASON_REQUIRED', { leadId, suspectedOf });
    if (opportunity !== undefined && !isInUse(facts.process))
      throw refusal('PROCESS_UNKNOWN', { leadId, processId: opportunity.processId });
    return [
      {
        type: 'LeadConversionRequested',
        data: {
          leadId,
          customerId,
          ownerId,
          partyType: partyType ?? (held.profile.company === undefined ? 'person' : 'company'),
          profile,
          nonIdentifying: command.nonIdentifying,
          poolId: command.poolId ?? held.poolId,
          source,
          campaignId,
          opportunity,
          carryFollowUps: command.carryFollowUps ?? false,
        },
      },
    ];
  },
  DeclineLeadConversion: (lead, { leadId, customerId, refusal, identityKind, holderId }) => {
    if (!isOwned(lead) || lead.conversion?.customerId !== customerId) return [];
    return [{ type: 'LeadConversionDeclined', data: { leadId, customerId, refusal, identityKind, holderId } }];
  },
  ConvertLead: (lead, { leadId, customerId, contactId, opportunityId, reason, ...command }, { actor }) => {
    if (lead.status === 'converted' && lead.customerId === customerId) return [];
    const held = ownedOrConverting(lead, leadId);
    const { conversion } = held;
    // A request is carried out by the policy alone, which knows how far it is.
    if (conversion !== undefined && (conversion.customerId !== customerId || actor.kind !== 'system'))
      throw inConversion(conversion);
    const matchedExisting = command.matchedExisting ?? false;
    if (matchedExisting && reason === undefined) throw refusal('REASON_REQUIRED', { leadId, customerId });
    const carryFollowUps = command.carryFollowUps ?? conversion?.carryFollowUps ?? false;
    return [
      {
        type: 'LeadConverted',
        data: { leadId, customerId, contactId, opportunityId, carryFollowUps, matchedExisting, ...closes(held) },
      },
    ];
  },
};

export const conversionSteps: Pick<
  LeadDecider['evolve'],
  'LeadConversionRequested' | 'LeadConversionDeclined' | 'LeadConverted'
> = {
  LeadConversionRequested: (lead, { profile: _, ...conversion }) => (isOwned(lead) ? { ...lead, conversion } : lead),
  LeadConversionDeclined: (lead, { holderId }) => {
    const declined = isOwned(lead) ? { ...lead, conversion: undefined } : lead;
    return holderId === undefined ? declined : suspecting(declined, `customer:${holderId}`);
  },
  LeadConverted: (lead, { customerId }) =>
    isKnown(lead) ? { ...known(lead), status: 'converted', customerId, doubles: unsuspected(lead.doubles) } : lead,
};

/** What the lead tells of its customer to be: of the company where it names one. */
const toldOf = ({ profile: { name, company, phone, email, note } }: OwnedLead): Texts => ({
  legalName: company ?? name,
  phone,
  email,
  remarks: note,
});

/** The fields that have a value: of a command the others are there as well. */
const given = (profile: object = {}): Texts =>
  Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined));

/** Whether an opportunity can be opened in it. */
const isInUse = (process: LeadFacts['process']): boolean =>
  process?.status === 'defined' && process.versions.some(({ retired }) => !retired);
