import { changed, changesBetween } from '../../field-changes.js';
import { begins, passes } from '../../ownership.js';
import { conversionDecisions, conversionSteps } from './lead.conversion.js';
import {
  duplicateDecisions,
  duplicateSteps,
  formerContacts,
  NO_DOUBLES,
  reachableBy,
  unsuspected,
} from './lead.duplicates.js';
import { leadEvents } from './lead.events.js';
import { ownershipDecisions, ownershipSteps } from './lead.ownership.js';
import { recyclingDecisions, recyclingSteps } from './lead.recycling.js';
import type { LeadDecider } from './lead.state.js';
import { closes, isKnown, isOwned, owned, pooledAgain, refusal, released, stillOpen } from './lead.state.js';

export type { Lead, LeadRefusal } from './lead.state.js';

/** Lead 线索: somebody's interest, lying in a pool or owned by exactly one employee (LI1), until converted or disqualified. */
export const lead: LeadDecider = {
  name: 'lead',
  events: leadEvents,
  initial: { status: 'unknown' },
  idOf: ({ leadId }) => leadId,
  ownerOf: (lead) => (isOwned(lead) ? lead.ownerId : undefined),
  decide: {
    CaptureLead: (lead, { leadId, leadNumber, source, campaignId, landingPage, poolId, profile, submittedAt }) => {
      if (lead.status !== 'unknown') throw refusal('LEAD_ALREADY_CAPTURED', { leadId });
      const stageVisit = { begins: 1 };
      return [
        {
          type: 'LeadCaptured',
          data: { leadId, leadNumber, source, campaignId, landingPage, poolId, profile, submittedAt, stageVisit },
        },
      ];
    },
    ...ownershipDecisions,
    ...recyclingDecisions,
    QualifyLead: (lead, { leadId, criteria = [] }) => {
      if (lead.status === 'qualified') return [];
      const { stageVisits } = owned(lead, leadId);
      return [{ type: 'LeadQualified', data: { leadId, criteria, stageVisit: passes(stageVisits) } }];
    },
    DisqualifyLead: (lead, { leadId, reasonCode, reason }) => {
      if (lead.status === 'disqualified') return [];
      const { ...open } = stillOpen(lead, leadId);
      if (reasonCode === 'other' && reason?.text === undefined) throw refusal('REASON_TEXT_REQUIRED', { leadId });
      return [{ type: 'LeadDisqualified', data: { leadId, reasonCode, ...closes(open) } }];
    },
    ReopenLead: (lead, { leadId, reason }) => {
      if (lead.status === 'pooled') return [];
      if (lead.status !== 'disqualified') throw refusal('LEAD_NOT_DISQUALIFIED', { leadId, status: lead.status });
      if (reason === undefined) throw refusal('REASON_REQUIRED', { leadId });
      return [{ type: 'LeadReopened', data: { leadId, stageVisit: begins(lead.stageVisits) } }];
    },
    ...conversionDecisions,
    ...duplicateDecisions,
    CorrectLeadProfile: (lead, { leadId, profile }) => {
      const { profile: old, doubles } = stillOpen(lead, leadId);
      const changes = changesBetween(old, profile, 'personal');
      if (changes.length === 0) return [];
      const former = formerContacts(doubles, changes);
      return [{ type: 'LeadProfileCorrected', data: { leadId, changes, formerContacts: former } }];
    },
  },
  evolve: {
    LeadCaptured: (_, { leadId, source, campaignId, poolId, profile = {}, contacts }, { occurredAt }) => ({
      status: 'pooled',
      leadId,
      source,
      campaignId,
      poolId,
      profile,
      doubles: reachableBy(NO_DOUBLES, contacts),
      stageVisits: 1,
      ownershipVisits: 0,
      pooledSince: occurredAt,
      releases: {},
    }),
    ...ownershipSteps,
    ...recyclingSteps,
    LeadQualified: (lead, { stageVisit }) =>
      isOwned(lead) ? { ...lead, status: 'qualified', stageVisits: stageVisit.begins ?? lead.stageVisits } : lead,
    LeadDisqualified: (lead, _, at) =>
      isKnown(lead) ? { ...released(lead, at), status: 'disqualified', doubles: unsuspected(lead.doubles) } : lead,
    LeadReopened: (lead, { stageVisit }, at) => (isKnown(lead) ? pooledAgain(lead, lead.poolId, stageVisit, at) : lead),
    ...conversionSteps,
    ...duplicateSteps,
    LeadProfileCorrected: (lead, { changes, contacts }) =>
      isKnown(lead)
        ? {
            ...lead,
            profile: changed(lead.profile, changes),
            doubles: reachableBy(lead.doubles, contacts, changes),
          }
        : lead,
  },
};
