import type { FieldChange } from '../../field-changes.js';
import { asText, changed, changeOf, newValueOf } from '../../field-changes.js';
import { customerProfile } from './customer.events.js';
import type { CustomerDecider, KnownCustomer, Proposal } from './customer.state.js';
import { formerIdentities, known, knownBy, learn, named, refusal } from './customer.state.js';

/** Key fields get another value only when somebody proposed it and somebody else approved it, both with a reason (CI1). */
export const revisionDecisions: Pick<
  CustomerDecider['decide'],
  'ProposeKeyFieldRevision' | 'ApproveKeyFieldRevision' | 'RejectKeyFieldRevision' | 'WithdrawKeyFieldRevision'
> = {
  ProposeKeyFieldRevision: (customer, command, { actor: { id: proposerId } }) => {
    const { customerId, proposalId, field, basedOnRevision, reason } = command;
    const who = known(customer, customerId);
    const proposal = { field, value: asText(command.value), basedOnRevision, proposerId };
    const made = who.proposals[proposalId];
    if (made !== undefined && asText({ ...made, status: undefined }) === asText(proposal)) return [];
    if (made !== undefined) throw refusal('PROPOSAL_ALREADY_MADE', { customerId, proposalId });
    if (proposal.value === valueOf(who, field)) return [];
    if (reason === undefined) throw refusal('REASON_REQUIRED', { customerId, proposalId });
    if (basedOnRevision > who.revision)
      throw refusal('PROPOSAL_ON_FUTURE_REVISION', { customerId, basedOnRevision, revision: who.revision });
    const change = changeNow(who, proposalId, proposal);
    return [
      { type: 'KeyFieldRevisionProposed', data: { customerId, proposalId, change, basedOnRevision, proposerId } },
    ];
  },
  ApproveKeyFieldRevision: (customer, { customerId, proposalId, reason }, { actor: { id: deciderId } }) => {
    const who = known(customer, customerId);
    const proposal = proposalOf(who, proposalId);
    if (proposal.status === 'approved') return [];
    mayDecide(who, proposalId, deciderId);
    if (reason === undefined) throw refusal('REASON_REQUIRED', { customerId, proposalId });
    const change = changeNow(who, proposalId, proposal);
    const { proposerId } = proposal;
    const former = formerIdentities(who, [change]);
    return [
      {
        type: 'KeyFieldRevised',
        data: { customerId, proposalId, change, proposerId, deciderId, formerIdentities: former },
      },
    ];
  },
  RejectKeyFieldRevision: (customer, { customerId, proposalId, reason }, { actor: { id: deciderId } }) => {
    const who = known(customer, customerId);
    const { status, field } = proposalOf(who, proposalId);
    if (status === 'rejected') return [];
    mayDecide(who, proposalId, deciderId);
    if (reason === undefined) throw refusal('REASON_REQUIRED', { customerId, proposalId });
    return [{ type: 'KeyFieldRevisionRejected', data: { customerId, proposalId, field, deciderId } }];
  },
  WithdrawKeyFieldRevision: (customer, { customerId, proposalId }, { actor }) => {
    const who = known(customer, customerId);
    const { status, field, proposerId } = proposalOf(who, proposalId);
    if (status === 'withdrawn') return [];
    stillOpen(who, proposalId);
    if (actor.id !== proposerId) throw refusal('NOT_THE_PROPOSER', { customerId, proposalId });
    return [{ type: 'KeyFieldRevisionWithdrawn', data: { customerId, proposalId, field } }];
  },
};

export const revisionSteps: Pick<
  CustomerDecider['evolve'],
  'KeyFieldRevisionProposed' | 'KeyFieldRevised' | 'KeyFieldRevisionRejected' | 'KeyFieldRevisionWithdrawn'
> = {
  KeyFieldRevisionProposed: learn((customer, { proposalId, change, basedOnRevision, proposerId }) => {
    const { field } = change;
    const proposal: Proposal = { status: 'open', field, value: newValueOf(change), basedOnRevision, proposerId };
    return { ...customer, proposals: { ...customer.proposals, [proposalId]: proposal } };
  }),
  KeyFieldRevised: learn((customer, { proposalId, change, identities }, { eventId, revision }) => ({
    ...withChanges(closed(customer, proposalId, 'approved'), [change]),
    identities: knownBy(customer.identities, { changes: [change], identities }, eventId),
    revisedAt: { ...customer.revisedAt, [change.field]: Number(revision) },
  })),
  KeyFieldRevisionRejected: learn((customer, { proposalId }) => closed(customer, proposalId, 'rejected')),
  KeyFieldRevisionWithdrawn: learn((customer, { proposalId }) => closed(customer, proposalId, 'withdrawn')),
};

/** The customer after changes, each in the group of fields that it belongs to. */
export const withChanges = (customer: KnownCustomer, changes: readonly FieldChange[]): KnownCustomer => ({
  ...customer,
  profile: changed(
    customer.profile,
    changes.filter(({ field }) => isPersonal(field)),
  ),
  classification: changed(
    customer.classification,
    changes.filter(({ field }) => !isPersonal(field)),
  ),
});

/** What tells of the party itself; everything else is classification. */
const isPersonal = (field: string) => Object.hasOwn(customerProfile.fields ?? {}, field);

const valueOf = ({ profile, classification }: KnownCustomer, field: string) =>
  (isPersonal(field) ? profile : classification)[field];

/** The proposed change, its old value the one that holds now (CI3). A proposal made in ignorance of another revision is refused (CI2). */
function changeNow(
  customer: KnownCustomer,
  proposalId: string,
  { field, value, basedOnRevision }: Pick<Proposal, 'field' | 'value' | 'basedOnRevision'>,
): FieldChange {
  const { customerId, revisedAt } = customer;
  const lastRevised = revisedAt[field] ?? 0;
  if (lastRevised > basedOnRevision)
    throw refusal('PROPOSAL_STALE', { customerId, proposalId, field, basedOnRevision, revisedAt: lastRevised });
  const change = changeOf(field, valueOf(customer, field), value, isPersonal(field) ? 'personal' : 'clear');
  named(customerId, withChanges(customer, [change]).profile);
  return change;
}

function proposalOf({ customerId, proposals }: KnownCustomer, proposalId: string): Proposal {
  const proposal = proposals[proposalId];
  if (proposal === undefined) throw refusal('PROPOSAL_UNKNOWN', { customerId, proposalId });
  return proposal;
}

function stillOpen(customer: KnownCustomer, proposalId: string): Proposal {
  const proposal = proposalOf(customer, proposalId);
  const { status } = proposal;
  if (status !== 'open') throw refusal('PROPOSAL_CLOSED', { customerId: customer.customerId, proposalId, status });
  return proposal;
}

/** Four eyes: whoever proposed a value does not decide on it. */
function mayDecide(customer: KnownCustomer, proposalId: string, deciderId: string) {
  if (stillOpen(customer, proposalId).proposerId === deciderId)
    throw refusal('PROPOSER_MAY_NOT_DECIDE', { customerId: customer.customerId, proposalId });
}

function closed(customer: KnownCustomer, proposalId: string, status: Proposal['status']): KnownCustomer {
  const proposal = customer.proposals[proposalId];
  if (proposal === undefined) return customer;
  return { ...customer, proposals: { ...customer.proposals, [proposalId]: { ...proposal, status } } };
}
