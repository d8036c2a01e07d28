import colour from 'picocolors';
import { policies } from '#crm';
import {
  askForRetry,
  demandPolicies,
  policiesStatus,
  policyCheckpoints,
  systemAlarm,
  type OutcomeCount,
  type Parked,
  type PolicyStatus,
} from '#policies';
import { NotPossible, type Lag } from '#read-store';
import { lagsOf } from './lags.js';
import type { ReadSide } from './read-side.js';
import { behind, counted, ownLines, shortHolder, shortTime, statusTable } from './status-text.js';

/** Every policy: how far it is, its deadlines, what became of its commands, and what it failed on. */
export async function showPolicies(readSide: ReadSide, json: boolean): Promise<void> {
  const { pool, namespace } = readSide;
  await demandPolicies(pool, namespace);
  const [status, lags] = await Promise.all([
    policiesStatus({ pool, namespace, policies, now: systemAlarm.now() }),
    policyCheckpoints({ pool, namespace, policies }).then((checkpoints) => lagsOf(readSide, checkpoints)),
  ]);
  if (json) {
    console.log(JSON.stringify({ ...status, lag: lags }, undefined, 2));
    return;
  }
  console.log(policyTable(status.policies, lags));
  if (status.outcomes.length > 0) console.log(outcomeTable(status.outcomes));
  for (const one of status.parked) console.log(told(one));
  console.log(summary(status.policies, status.parked, lags));
}

/** Leaves it to whoever runs the policy: only they may react. */
export async function retry(
  { pool, namespace }: ReadSide,
  policy: string,
  what: string | undefined,
  reason: string,
): Promise<void> {
  const names = policies.map((one) => one.policy.name);
  if (!names.includes(policy)) throw new NotPossible(`There is no policy ${policy}: ${names.join(', ')}`);
  await demandPolicies(pool, namespace);
  const asked = await askForRetry({ pool, namespace, policy, what, reason });
  console.log(
    asked === 0
      ? `Nothing of ${policy} is parked${what === undefined ? '' : ` under ${what}`}.`
      : `${counted(asked, 'reaction')} will be tried again by the server that runs ${policy}: taizhang policies status`,
  );
}

function policyTable(statuses: readonly PolicyStatus[], lags: readonly Lag[]): string {
  const table = statusTable({
    ...{ policy: 'left', behind: 'right', 'last event': 'left', deadlines: 'right' },
    ...{ due: 'right', next: 'left', parked: 'right', 'run by': 'left' },
  });
  for (const one of statuses) {
    const lag = lags.find(({ name }) => name === one.policy);
    const parked = one.parkedEvents + one.parkedDeadlines;
    table.push([
      one.isDeclared ? one.policy : `${one.policy} ${colour.yellow('(of another program)')}`,
      lag === undefined ? '' : behind(lag),
      shortTime(one.recordedAt),
      one.openDeadlines,
      one.dueDeadlines === 0 ? '' : colour.yellow(String(one.dueDeadlines)),
      shortTime(one.nextDeadline),
      parked === 0 ? '' : colour.red(String(parked)),
      shortHolder(one.holder),
    ]);
  }
  return table.toString();
}

function outcomeTable(outcomes: readonly OutcomeCount[]): string {
  const table = statusTable({ policy: 'left', command: 'left', outcome: 'left', times: 'right', last: 'left' });
  for (const { policy, command, outcome, times, lastAt } of outcomes)
    table.push([policy, command, outcome, times, shortTime(lastAt)]);
  return table.toString();
}

const told = ({ policy, what, reason, stack, parkedAt }: Parked) =>
  [
    '',
    `${colour.red('parked')} ${policy} ${colour.bold(what)}: ${reason}`,
    ...ownLines(stack).map((line) => colour.dim(`  ${line}`)),
    `  since ${parkedAt}`,
  ].join('\n');

function summary(statuses: readonly PolicyStatus[], parked: readonly Parked[], lags: readonly Lag[]): string {
  const advice: string[] = [];
  if (statuses.some(({ isDeclared, holder }) => isDeclared && holder === null))
    advice.push('Some are run by nobody: start a server (`taizhang start`) whose ROLES include policies.');
  if (parked.length > 0)
    advice.push(`Mend the cause, then have it done in order: taizhang policies retry <policy> [stream] --reason <why>`);
  if (advice.length > 0) return `\n${advice.join('\n')}`;
  const isDone = lags.every(({ events }) => events === 0) && statuses.every(({ dueDeadlines }) => dueDeadlines === 0);
  return isDone
    ? colour.green('The policies have reacted to everything that happened.')
    : 'The policies are catching up.';
}
