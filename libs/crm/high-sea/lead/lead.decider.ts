import type { DataOf, Decider, Occurrence } from '#kernel';
import { Refusal } from '#kernel';
import { changed, changesBetween } from '../../field-changes.js';
import type { Held } from '../../ownership.js';
import { begins, daysIdle, ends, heldBy, isProtected, passes } from '../../ownership.js';
import type * as commands from './lead.commands.js';
import type { LeadEvent } from './lead.events.js';
import { leadEvents } from './lead.events.js';

export type LeadRefusal =
  | 'LEAD_UNKNOWN'
  | 'LEAD_ALREADY_CAPTURED'
  | 'LEAD_ALREADY_CLAIMED'
  | 'LEAD_NOT_OWNED'
  | 'LEAD_CLOSED'
  | 'LEAD_ALREADY_CONVERTED'
  | 'LEAD_NOT_DISQUALIFIED'
  | 'LEAD_STILL_ACTIVE'
  | 'LEAD_PROTECTED'
  | 'REASON_REQUIRED'
  | 'REASON_TEXT_REQUIRED';

type Profile = NonNullable<DataOf<LeadEvent, 'LeadCaptured'>['profile']>;

interface Known {
  readonly leadId: string;
  readonly campaignId?: string;
  readonly poolId?: string;
  readonly profile: Profile;
  /** How many stage and ownership visits there have been; the last one is open while the lead is. */
  readonly stageVisits: number;
  readonly ownershipVisits: number;
}

export type Lead =
  | { readonly status: 'unknown' }
  | (Known & { readonly status: 'pooled' })
  | (Known & Held & { readonly status: 'owned' | 'qualified' })
  | (Known & { readonly status: 'converted'; readonly customerId: string })
  | (Known & { readonly status: 'disqualified' });

type OwnedLead = Extract<Lead, Held>;
type KnownLead = Exclude<Lead, { status: 'unknown' }>;

/** Lead 线索: somebody's interest, lying in a pool or owned by exactly one employee (LI1), until converted or disqualified. */
export const lead: Decider<Lead, LeadEvent, typeof commands> = {
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
    ClaimLead: (lead, { leadId, ...command }, { actor }) => {
      const { claimantId = actor.id } = command;
      if (isOwned(lead) && lead.ownerId === claimantId) return [];
      const { poolId, ...pooled } = inPool(lead, leadId);
      return [{ type: 'LeadClaimed', data: { leadId, claimantId, poolId, fromState: 'pooled', ...takes(pooled) } }];
    },
    AssignLead: (lead, { leadId, assigneeId }, { actor }) => {
      if (isOwned(lead) && lead.ownerId === assigneeId) return [];
      const { poolId, ...pooled } = inPool(lead, leadId);
      return [{ type: 'LeadAssigned', data: { leadId, assigneeId, assignerId: actor.id, poolId, ...takes(pooled) } }];
    },
    TransferLead: (lead, { leadId, toOwner, reassignFollowUps = false }) => {
      const { ownerId: fromOwner, ownershipVisits } = owned(lead, leadId);
      if (fromOwner === toOwner) return [];
      const ownershipVisit = passes(ownershipVisits);
      return [{ type: 'LeadTransferred', data: { leadId, fromOwner, toOwner, reassignFollowUps, ownershipVisit } }];
    },
    ReturnLead: (lead, { leadId, reasonCode, targetPoolId, reason }) => {
      if (lead.status === 'pooled') return [];
      const { ownerId, poolId, ...held } = owned(lead, leadId);
      if (reasonCode === 'other' && reason?.text === undefined) throw refusal('REASON_TEXT_REQUIRED', { leadId });
      return [
        {
          type: 'LeadReturned',
          data: { leadId, ownerId, reasonCode, targetPoolId: targetPoolId ?? poolId, ...givesBack(held) },
        },
      ];
    },
    RecycleLead: (
      lead,
      { leadId, thresholdDays, targetPoolId, ruleId, policyVersion, warnedAt, ...command },
      context,
    ) => {
      if (lead.status === 'pooled') return [];
      const held = owned(lead, leadId);
      const { lastQualifyingActivityAt } = command;
      const idleDays = daysIdle(held, [lastQualifyingActivityAt], context);
      if (idleDays < thresholdDays) throw refusal('LEAD_STILL_ACTIVE', { leadId, idleDays, thresholdDays });
      if (isProtected(held, context)) throw refusal('LEAD_PROTECTED', { leadId, protectedUntil: held.protectedUntil });
      return [
        {
          type: 'LeadRecycled',
          data: {
            leadId,
            previousOwnerId: held.ownerId,
            targetPoolId: targetPoolId ?? held.poolId,
            ruleId,
            policyVersion,
            basis: { lastQualifyingActivityAt, idleDays, threshold: thresholdDays },
            warnedAt,
            ...givesBack(held),
          },
        },
      ];
    },
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
    ConvertLead: (lead, { leadId, customerId, contactId, opportunityId, carryFollowUps, matchedExisting, reason }) => {
      if (lead.status === 'converted' && lead.customerId === customerId) return [];
      const held = owned(lead, leadId);
      if (matchedExisting === true && reason === undefined) throw refusal('REASON_REQUIRED', { leadId, customerId });
      return [
        {
          type: 'LeadConverted',
          data: {
            leadId,
            customerId,
            contactId,
            opportunityId,
            carryFollowUps: carryFollowUps ?? false,
            matchedExisting: matchedExisting ?? false,
            ...closes(held),
          },
        },
      ];
    },
    CorrectLeadProfile: (lead, { leadId, profile }) => {
      const { profile: old } = stillOpen(lead, leadId);
      const changes = changesBetween(old, profile, 'personal');
      return changes.length === 0 ? [] : [{ type: 'LeadProfileCorrected', data: { leadId, changes } }];
    },
  },
  evolve: {
    LeadCaptured: (_, { leadId, campaignId, poolId, profile = {} }) => ({
      status: 'pooled',
      leadId,
      campaignId,
      poolId,
      profile,
      stageVisits: 1,
      ownershipVisits: 0,
    }),
    LeadClaimed: (lead, { claimantId, protectedUntil, ...visits }, at) =>
      takenBy(lead, claimantId, visits, at, protectedUntil),
    LeadAssigned: (lead, { assigneeId, ...visits }, at) => takenBy(lead, assigneeId, visits, at),
    LeadTransferred: (lead, { toOwner, ownershipVisit }, at) =>
      isOwned(lead)
        ? {
            ...lead,
            ...heldBy(toOwner, at),
            ownershipVisits: ownershipVisit.begins ?? lead.ownershipVisits,
          }
        : lead,
    LeadReturned: (lead, { targetPoolId, stageVisit }) => pooledAgain(lead, targetPoolId, stageVisit),
    LeadRecycled: (lead, { targetPoolId, stageVisit }) => pooledAgain(lead, targetPoolId, stageVisit),
    LeadQualified: (lead, { stageVisit }) =>
      isOwned(lead) ? { ...lead, status: 'qualified', stageVisits: stageVisit.begins ?? lead.stageVisits } : lead,
    LeadDisqualified: (lead) => (isKnown(lead) ? { ...known(lead), status: 'disqualified' } : lead),
    LeadReopened: (lead, { stageVisit }) => (isKnown(lead) ? pooledAgain(lead, lead.poolId, stageVisit) : lead),
    LeadConverted: (lead, { customerId }) =>
      isKnown(lead) ? { ...known(lead), status: 'converted', customerId } : lead,
    LeadProfileCorrected: (lead, { changes }) =>
      isKnown(lead) ? { ...lead, profile: changed(lead.profile, changes) } : lead,
  },
};

const refusal = (code: LeadRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<LeadRefusal>(code, details);
const isOwned = (lead: Lead): lead is OwnedLead => lead.status === 'owned' || lead.status === 'qualified';
const isKnown = (lead: Lead): lead is KnownLead => lead.status !== 'unknown';

/** A pooled lead may be taken; the loser of a race learns that it was. */
function inPool(lead: Lead, leadId: string) {
  if (lead.status === 'pooled') return lead;
  if (isOwned(lead)) throw refusal('LEAD_ALREADY_CLAIMED', { leadId, by: lead.ownerId, at: lead.ownedSince });
  throw lead.status === 'unknown'
    ? refusal('LEAD_UNKNOWN', { leadId })
    : refusal('LEAD_CLOSED', { leadId, status: lead.status });
}

function stillOpen(lead: Lead, leadId: string) {
  return lead.status === 'pooled' ? lead : owned(lead, leadId);
}

function owned(lead: Lead, leadId: string): OwnedLead {
  if (isOwned(lead)) return lead;
  if (lead.status === 'unknown') throw refusal('LEAD_UNKNOWN', { leadId });
  if (lead.status === 'pooled') throw refusal('LEAD_NOT_OWNED', { leadId });
  if (lead.status === 'converted') throw refusal('LEAD_ALREADY_CONVERTED', { leadId, customerId: lead.customerId });
  throw refusal('LEAD_CLOSED', { leadId, status: lead.status });
}

type Visits = Pick<Known, 'stageVisits' | 'ownershipVisits'>;
const takes = ({ stageVisits, ownershipVisits }: Visits) => ({
  stageVisit: passes(stageVisits),
  ownershipVisit: begins(ownershipVisits),
});
const givesBack = ({ stageVisits, ownershipVisits }: Visits) => ({
  stageVisit: passes(stageVisits),
  ownershipVisit: ends(ownershipVisits),
});
const closes = (lead: Extract<Lead, { status: 'pooled' }> | OwnedLead) =>
  lead.status === 'pooled'
    ? { stageVisit: ends(lead.stageVisits) }
    : { ownerId: lead.ownerId, stageVisit: ends(lead.stageVisits), ownershipVisit: ends(lead.ownershipVisits) };

type VisitsOf = Pick<DataOf<LeadEvent, 'LeadClaimed'>, 'stageVisit' | 'ownershipVisit'>;

const known = ({ leadId, campaignId, poolId, profile, stageVisits, ownershipVisits }: KnownLead): Known => ({
  leadId,
  campaignId,
  poolId,
  profile,
  stageVisits,
  ownershipVisits,
});

function takenBy(lead: Lead, ownerId: string, visits: VisitsOf, at: Occurrence, protectedUntil?: string): Lead {
  if (!isKnown(lead)) return lead;
  return {
    ...known(lead),
    status: 'owned',
    ...heldBy(ownerId, at, protectedUntil),
    stageVisits: visits.stageVisit.begins ?? lead.stageVisits,
    ownershipVisits: visits.ownershipVisit.begins ?? lead.ownershipVisits,
  };
}

function pooledAgain(lead: Lead, poolId: string | undefined, stageVisit: VisitsOf['stageVisit']): Lead {
  if (!isKnown(lead)) return lead;
  return { ...known(lead), status: 'pooled', poolId, stageVisits: stageVisit.begins ?? lead.stageVisits };
}
