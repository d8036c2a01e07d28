import type { Pool } from 'pg';
import { positionOf, type Checkpoint } from '#read-store';
import type { PolicyDefinition } from './definition.js';
import { policySchema } from './install.js';

/** One policy as Postgres has it, whichever process runs it. */
export interface PolicyStatus {
  readonly policy: string;
  /** Whether this program has it; one that it has not is of an earlier release, and rests. */
  readonly isDeclared: boolean;
  readonly commit: string | null;
  /** When the last event that it has seen was recorded. */
  readonly recordedAt: string | null;
  readonly holder: string | null;
  readonly openDeadlines: number;
  /** Of those, how many have come. */
  readonly dueDeadlines: number;
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

interface Asking {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly policies: readonly PolicyDefinition[];
  readonly now: string;
}

/** All policies, as they stand now. */
export async function policiesStatus({ pool, namespace, policies, now }: Asking): Promise<PoliciesStatus> {
  const schema = policySchema(namespace);
  const [statuses, outcomes, parked] = await Promise.all([
    pool.query<PolicyStatus>(
      `select name as policy, name = any ($1) as "isDeclared", commit::text, recorded_at as "recordedAt",
         case when held_until > clock_timestamp() then holder end as holder,
         count(key) filter (where parked_at is null) as "openDeadlines",
         count(key) filter (where parked_at is null and due_at <= $2) as "dueDeadlines",
         min(due_at) filter (where parked_at is null) as "nextDeadline",
         count(parked_at) as "parkedDeadlines",
         (select count(*) from ${schema}.parked_events where policy = name) as "parkedEvents"
       from ${schema}.policies left join ${schema}.deadlines on policy = name group by name order by name`,
      [policies.map(({ policy }) => policy.name), now],
    ),
    pool.query<OutcomeCount>(
      `select policy, command, outcome, times, last_at as "lastAt" from ${schema}.outcomes order by 1, 2, 3`,
    ),
    pool.query<Parked>(
      `select policy, stream || '@' || revision as what, reason, stack, parked_at as "parkedAt"
       from ${schema}.parked_events
       union all
       select policy, 'deadline ' || key, reason, stack, parked_at from ${schema}.deadlines where parked_at is not null
       order by 5, 1, 2`,
    ),
  ]);
  return { policies: statuses.rows, outcomes: outcomes.rows, parked: parked.rows };
}

/** Up to where these policies have read the log. */
export async function policyCheckpoints({
  pool,
  namespace,
  policies,
}: Omit<Asking, 'now'>): Promise<readonly Checkpoint[]> {
  const { rows } = await pool.query<{ name: string; commit: string | null; prepare: string | null }>(
    `select name, commit::text, prepare::text from ${policySchema(namespace)}.policies where name = any ($1) order by name`,
    [policies.map(({ policy }) => policy.name)],
  );
  return rows.map((row) => ({ name: row.name, position: positionOf(row) }));
}
