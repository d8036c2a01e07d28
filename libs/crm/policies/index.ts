import type { ReadState } from '#event-store';
import { enforced, type PolicyDefinition } from '#policies';
import { customer } from '../customer-record/customer/customer.decider.js';
import { lead } from '../high-sea/lead/lead.decider.js';
import { pool } from '../high-sea/pool/pool.decider.js';
import { confirmClaimsThatWereMade } from './confirm-claims-that-were-made.policy.js';
import { expireQuotesAfterTheirLastDay } from './expire-quotes-after-their-last-day.policy.js';
import { keepPortfoliosTrue } from './keep-portfolios-true.policy.js';

/** Everything that the business does by itself: the role `policies` runs this list. */
export const policies: readonly PolicyDefinition[] = [
  enforced(confirmClaimsThatWereMade),
  enforced(keepPortfoliosTrue, async ({ data }, read) => ({ isCounted: await liesInDefinedPool(data, read) })),
  enforced(expireQuotesAfterTheirLastDay),
];

async function liesInDefinedPool(data: object, read: ReadState): Promise<boolean> {
  const poolId = await poolOf(data, read);
  return poolId !== undefined && (await read(pool, poolId)).status !== 'unknown';
}

/** The pool that an event names, or else the one of its lead or customer. */
async function poolOf(data: object, read: ReadState): Promise<string | undefined> {
  const { poolId, leadId, customerId, fromOwner }: Named = data;
  if (poolId !== undefined || fromOwner === undefined) return poolId;
  if (leadId !== undefined) return poolIdIn(await read(lead, leadId));
  return customerId === undefined ? undefined : poolIdIn(await read(customer, customerId));
}

interface Named {
  readonly poolId?: string;
  readonly leadId?: string;
  readonly customerId?: string;
  readonly fromOwner?: string;
}

const poolIdIn = (record: { readonly status: string; readonly poolId?: string }): string | undefined => record.poolId;
