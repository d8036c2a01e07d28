import type { Pool } from 'pg';
import { policySchema } from './install.js';

/** One policy as Postgres has it, whichever process runs it. */
export interface PolicyStatus {
  readonly policy: string;
  readonly commit: string | null;
  /** When the last event that it has seen was recorded. */
  readonly recordedAt: string | null;
  readonly holder: string | null;
  readonly openDeadlines: number;
  readonly nextDeadline: string | null;
  readonly parkedDeadlines: number;
  readonly parkedEvents: number;
}

/** What became of the commands of a policy, how often. */
export interface OutcomeCount {
  readonly policy: string;
  readonly command: string;
  readonly outcome: string;
  readonly times: number;
  readonly lastAt: string;
}

/** Something that a policy failed on and an operator must look at. */
export interface Parked {
  readonly policy: string;
  /** An event (`lead-3f2c…@4`) or a deadline. */
  readonly what: string;
  readonly reason: string;
  readonly stack: string | null;
  readonly parkedAt: string;
}

export interface PoliciesStatus {
  readonly policies: readonly PolicyStatus[];
  readonly outcomes: readonly OutcomeCount[];
  readonly parked: readonly Parked[];
}

/** All policies, as they stand now. */
export async function policiesStatus(pool: Pool, namespace?: string): Promise<PoliciesStatus> {
  const schema = policySchema(namespace);
  const policies = pool.query<PolicyStatus>(
    `select name as policy, commit::text, recorded_at as "recordedAt",
       case when held_until > clock_timestamp() then holder end as holder,
       count(key) filter (where parked_at is null) as "openDeadlines",
       min(due_at) filter (where parked_at is null) as "nextDeadline",
       count(parked_at) as "parkedDeadlines",
       (select count(*) from ${schema}.parked_events where policy = name) as "parkedEvents"
     from ${schema}.policies left join ${schema}.deadlines on policy = name group by name order by name`,
  );
  const outcomes = pool.query<OutcomeCount>(
    `select policy, command, outcome, times, last_at as "lastAt" from ${schema}.outcomes order by 1, 2, 3`,
  );
  const parked = pool.query<Parked>(
    `select policy, stream || '@' || revision as what, reason, stack, parked_at as "parkedAt" from ${schema}.parked_events
     union all
     select policy, 'deadline ' || key, reason, stack, parked_at from ${schema}.deadlines where parked_at is not null
     order by 5`,
  );
  return { policies: (await policies).rows, outcomes: (await outcomes).rows, parked: (await parked).rows };
}
