import type { DataOf, Policy, Reaction } from '#kernel';
import { ERASED, send } from '#kernel';
import { AssignCustomer, RegisterCustomer } from '../customer-record/customer/customer.commands.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import { ConvertLead, DeclineLeadConversion } from '../high-sea/lead/lead.commands.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import type { Conversion } from '../high-sea/lead/lead.state.js';
import { OpenOpportunity } from '../pipeline/opportunity/opportunity.commands.js';
import type { OpportunityEvent } from '../pipeline/opportunity/opportunity.events.js';

export interface ConversionFacts {
  /** What the lead that the event names is about to become; nothing where that is done or declined. */
  readonly conversion?: Conversion | undefined;
}

type Told = LeadEvent | CustomerEvent | OpportunityEvent;
type Requested = DataOf<LeadEvent, 'LeadConversionRequested'>;
type Reactions = readonly Reaction<never>[];

/** LI10: what was requested is done step by step, each told by an event, so that a crash between any two is mended by going on. */
export const turnLeadsIntoCustomers: Policy<Told, object, ConversionFacts> = {
  name: 'turn-leads-into-customers',
  when: {
    LeadConversionRequested: ({ data }, { conversion }) =>
      conversion?.customerId === data.customerId ? [send(registration(data))] : [],
    CustomerRegistered: ({ data: { customerId } }, { conversion }) =>
      conversion?.customerId === customerId ? takeOver(conversion) : [],
    OpportunityOpened: ({ data: { opportunityId } }, { conversion }) =>
      conversion?.opportunity?.opportunityId === opportunityId ? [send(end(conversion, opportunityId))] : [],
  },
  refused: {
    RegisterCustomer: ({ command, code, details }) =>
      command instanceof RegisterCustomer ? decline(command, code, details) : [],
    // The customer is there: the lead is converted also where the process was retired meanwhile.
    OpenOpportunity: ({ command }) => (command instanceof OpenOpportunity ? withoutOpportunity(command) : []),
  },
};

function registration({ leadId, customerId, partyType, profile, nonIdentifying, poolId, source }: Requested): object {
  if (Object.values(profile).includes(ERASED))
    return DeclineLeadConversion.of({ leadId, customerId, refusal: 'SUBJECT_ERASED' });
  const shared = nonIdentifying && [...nonIdentifying];
  return RegisterCustomer.of({
    ...{ customerId, partyType, leadId, poolId },
    profile: Object.fromEntries(Object.entries(profile).filter(([, text]) => told(text) !== undefined)),
    source: told(source),
    nonIdentifying: shared,
  });
}

/** A cap that is reached leaves the customer in its pool, and the lead is converted all the same. */
function takeOver(conversion: Conversion): Reactions {
  const { leadId, customerId, ownerId, source, campaignId, opportunity } = conversion;
  const wanted = opportunity && { ...opportunity, customerId, ownerId, leadId, campaignId, source: told(source) };
  return [
    send(AssignCustomer.of({ customerId, assigneeId: ownerId })),
    send(wanted === undefined ? end(conversion) : OpenOpportunity.of(wanted)),
  ];
}

const end = ({ leadId, customerId }: Pick<Conversion, 'leadId' | 'customerId'>, opportunityId?: string) =>
  ConvertLead.of({ leadId, customerId, opportunityId });

function decline(
  { leadId, customerId }: RegisterCustomer,
  refusal: string,
  { kind, holderId }: Readonly<Record<string, unknown>>,
): Reactions {
  if (leadId === undefined) return [];
  const held = { identityKind: asText(kind), holderId: asText(holderId) };
  return [send(DeclineLeadConversion.of({ leadId, customerId, refusal, ...held }))];
}

function withoutOpportunity({ leadId, customerId }: OpenOpportunity): Reactions {
  return leadId === undefined || customerId === undefined ? [] : [send(end({ leadId, customerId }))];
}

/** Leads of long ago may hold blanks, which no command takes any more. */
const told = (text: string | undefined): string | undefined => (text?.trim() === '' ? undefined : text);

const asText = (detail: unknown): string | undefined => (typeof detail === 'string' ? detail : undefined);
