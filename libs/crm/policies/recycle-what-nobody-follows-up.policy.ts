import type { Policy, Reaction } from '#kernel';
import { cancel, schedule, send, wake } from '#kernel';
import { RecycleCustomer, WarnOfCustomerRecycle } from '../customer-record/customer/customer.commands.js';
import type { CustomerEvent } from '../customer-record/customer/customer.events.js';
import { RecycleLead, WarnOfLeadRecycle } from '../high-sea/lead/lead.commands.js';
import type { LeadEvent } from '../high-sea/lead/lead.events.js';
import type { Pool } from '../high-sea/pool/pool.decider.js';
import type { PoolEvent } from '../high-sea/pool/pool.events.js';
import type { Held } from '../ownership.js';
import { nextRecycleStep, type Kind } from '../recycling.js';

/** A record as it is now, and the pool whose rules hold for it; nothing where its pool is not defined. */
export interface RecycleFacts {
  readonly pool?: Pool;
  /** Absent while nobody owns the record. */
  readonly held?: Held;
  readonly level?: string;
}

export interface Watched {
  readonly entityKind: Kind['entityKind'];
  readonly recordId: string;
}
type Reactions = readonly Reaction<Watched>[];

/** LI7–LI9: the owner of what nobody follows up is warned, and loses it in the end. Looks again whenever that may have changed. */
export const recycleWhatNobodyFollowsUp: Policy<LeadEvent | CustomerEvent | PoolEvent, Watched, RecycleFacts> = {
  name: 'recycle-what-nobody-follows-up',
  when: {
    LeadClaimed: ({ data }, facts) => watch(lead(data), facts),
    LeadAssigned: ({ data }, facts) => watch(lead(data), facts),
    LeadTransferred: ({ data }, facts) => watch(lead(data), facts),
    LeadActivityNoted: ({ data }, facts) => watch(lead(data), facts),
    LeadRecycleWarned: ({ data }, facts) => watch(lead(data), facts),
    LeadReturned: ({ data }) => [cancel(keyOf(lead(data)))],
    LeadRecycled: ({ data }) => [cancel(keyOf(lead(data)))],
    LeadDisqualified: ({ data }) => [cancel(keyOf(lead(data)))],
    LeadConverted: ({ data }) => [cancel(keyOf(lead(data)))],
    CustomerClaimed: ({ data }, facts) => watch(customer(data), facts),
    CustomerAssigned: ({ data }, facts) => watch(customer(data), facts),
    CustomerTransferred: ({ data }, facts) => watch(customer(data), facts),
    CustomerActivityNoted: ({ data }, facts) => watch(customer(data), facts),
    CustomerRecycleWarned: ({ data }, facts) => watch(customer(data), facts),
    CustomerProfileCorrected: ({ data }, facts) => watch(customer(data), facts),
    KeyFieldRevised: ({ data }, facts) => watch(customer(data), facts),
    CustomerReturned: ({ data }) => [cancel(keyOf(customer(data)))],
    CustomerRecycled: ({ data }) => [cancel(keyOf(customer(data)))],
    RecyclePolicySet: ({ data }) => [wake(data.poolId)],
    PoolRetired: ({ data }) => [wake(data.poolId)],
  },
  due: ({ data: record, now }, facts) => {
    const step = stepOf(record, facts);
    if (step === undefined || step.at > now) return watch(record, facts);
    return [send(step.kind === 'warn' ? warning(record) : recycle(record))];
  },
  refused: {
    WarnOfLeadRecycle: ({ command, now }) => lookAgain(command, now),
    RecycleLead: ({ command, now }) => lookAgain(command, now),
    WarnOfCustomerRecycle: ({ command, now }) => lookAgain(command, now),
    RecycleCustomer: ({ command, now }) => lookAgain(command, now),
  },
};

/** Where no rule holds, the record is still watched: its pool may get one. */
const NEVER = '9999-12-31T00:00:00.000Z';
const DAY_MS = 86_400_000;

const keyOf = ({ entityKind, recordId }: Watched): string => `${entityKind}-${recordId}`;
const lead = ({ leadId }: { readonly leadId: string }): Watched => ({ entityKind: 'lead', recordId: leadId });
const customer = ({ customerId }: { readonly customerId: string }): Watched => ({
  entityKind: 'customer',
  recordId: customerId,
});

const stepOf = ({ entityKind }: Watched, { held, pool, level }: RecycleFacts) =>
  held && nextRecycleStep(held, pool, { entityKind, level });

function watch(record: Watched, facts: RecycleFacts): Reactions {
  const { pool, held } = facts;
  if (pool === undefined || pool.status === 'unknown') return [];
  if (held === undefined) return [cancel(keyOf(record))];
  const at = stepOf(record, facts)?.at ?? NEVER;
  return [schedule({ key: keyOf(record), at, data: record, group: pool.poolId })];
}

const warning = ({ entityKind, recordId }: Watched) =>
  entityKind === 'lead'
    ? WarnOfLeadRecycle.of({ leadId: recordId })
    : WarnOfCustomerRecycle.of({ customerId: recordId });

const recycle = ({ entityKind, recordId }: Watched) =>
  entityKind === 'lead'
    ? RecycleLead.of({ leadId: recordId })
    : RecycleCustomer.of({ customerId: recordId, trigger: 'no_follow_up' });

/** What a rule said no to is looked at again the next day, unless an event comes before. */
function lookAgain(command: object, now: string): Reactions {
  const record = recordOf(command);
  if (record === undefined) return [];
  const at = new Date(Date.parse(now) + DAY_MS).toISOString();
  return [schedule({ key: keyOf(record), at, data: record })];
}

function recordOf(command: object): Watched | undefined {
  if (command instanceof WarnOfLeadRecycle || command instanceof RecycleLead) return lead(command);
  if (command instanceof WarnOfCustomerRecycle || command instanceof RecycleCustomer) return customer(command);
  return undefined;
}
