import type { PolicyStatus } from '#policies';
import type { Lag } from '#read-store';
import { LONGEST_LAG_SECONDS } from './bounds.js';

/** How far a policy is, and what waits for it or for an operator. */
export interface PolicyHealth {
  readonly name: string;
  readonly position: string | undefined;
  readonly lagEvents: number | undefined;
  readonly lagSeconds: number | undefined;
  readonly dueDeadlines: number;
  readonly nextDeadline: string | undefined;
  readonly parkedEvents: number;
  readonly parkedDeadlines: number;
  readonly runBy: string | undefined;
}

export function policyHealth(status: PolicyStatus, lags: readonly Lag[]): PolicyHealth {
  const { policy, commit, holder, nextDeadline, dueDeadlines, parkedEvents, parkedDeadlines } = status;
  const lag = lags.find(({ name }) => name === policy);
  return {
    name: policy,
    position: commit ?? undefined,
    lagEvents: lag?.events,
    lagSeconds: lag?.seconds,
    dueDeadlines,
    nextDeadline: nextDeadline ?? undefined,
    parkedEvents,
    parkedDeadlines,
    runBy: holder ?? undefined,
  };
}

/** What is wrong with a policy, and what to do about it. */
export function* complaintsOf(
  { name, parkedEvents, parkedDeadlines, runBy, lagSeconds = 0, dueDeadlines, nextDeadline }: PolicyHealth,
  now: string,
): Iterable<string> {
  const parked = parkedEvents + parkedDeadlines;
  if (parked > 0)
    yield `${name} failed on ${parked} ${parked === 1 ? 'event or deadline' : 'events and deadlines'}: see \`taizhang policies status\``;
  if (runBy === undefined) yield `${name} is run by nobody: start a server with the role policies`;
  if (lagSeconds > LONGEST_LAG_SECONDS) yield `${name} is ${Math.round(lagSeconds)} s behind the log`;
  const overdue = dueDeadlines === 0 || nextDeadline === undefined ? 0 : secondsBetween(nextDeadline, now);
  if (overdue > LONGEST_LAG_SECONDS)
    yield `${name} has ${dueDeadlines} deadlines due, the first for ${Math.round(overdue)} s`;
}

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;
