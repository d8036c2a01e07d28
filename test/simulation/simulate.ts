import { randomBytes } from 'node:crypto';
import { LocalMasterKeys } from '#event-store';
import type { RecordedEvent } from '#kernel';
import { VirtualClock } from '#policies';
import { Chance } from '../../apps/cli/demo/chance.js';
import { readConfiguration, type Stores } from '../../apps/server/configuration.js';
import { Company } from './company.js';
import { foretold, judged } from './oracle.js';
import { at, Plan } from './plan.js';

/** A statement about the simulated days, and what speaks against it. */
export interface Check {
  readonly statement: string;
  readonly problems: readonly string[];
}

export interface Simulation {
  readonly days: number;
  readonly seed: number;
}

/** Plays the same days twice, once with a restart in the middle, and compares what happened with what the rules say. */
export async function simulate({ days, seed }: Simulation, stores: Stores): Promise<readonly Check[]> {
  const plan = new Plan(new Chance(seed), days);
  const undisturbed = await play(plan, days, stores, 'undisturbed', false);
  const restarted = await play(plan, days, stores, 'restarted', true);
  const [happened, expected] = [judged(undisturbed), foretold(undisturbed, Date.parse(at(days)))];
  const recycled = happened.filter((verdict) => verdict.includes('recycled'));
  const { saved, lost } = plan.lastMinute;
  return [
    check(
      `${happened.length} warnings and recycles came when the rules say so`,
      happened.filter((one) => !expected.includes(one)),
    ),
    check(
      'none that the rules demand was missing',
      expected.filter((one) => !happened.includes(one)),
    ),
    check('enough happened to tell', recycled.length < days / 4 ? [`only ${recycled.length} recycles`] : []),
    check('a warning came before every recycle, and the recycle cites it', unwarned(undisturbed)),
    check(
      'a follow-up one second before the recycle keeps the lead',
      recycled.filter((one) => one.startsWith(`lead-${saved} recycled ${at(8).slice(0, 10)}`)),
    ),
    check(
      'one that reached nobody does not',
      recycled.some((one) => one === `lead-${lost} recycled ${at(8, 9)}`) ? [] : ['it was kept'],
    ),
    check('a restart in the middle changes nothing', differences(transcript(undisturbed), transcript(restarted))),
  ];
}

async function play(
  plan: Plan,
  days: number,
  stores: Stores,
  namespace: string,
  restarts: boolean,
): Promise<readonly RecordedEvent[]> {
  const openedMasterKeys = LocalMasterKeys.holding(randomBytes(32));
  const configuration = { ...readConfiguration({ ROLES: 'policies' }), stores, namespace, openedMasterKeys };
  const company = new Company(configuration, new VirtualClock(at(0)));
  await company.open();
  try {
    let isBefore = true;
    for (const action of plan.actions) {
      if (restarts && isBefore && action.at > at(days / 2)) {
        isBefore = false;
        await company.close();
        await company.open();
      }
      await company.until(action.at);
      await company.send(action.command, action.actorId);
    }
    await company.until(at(days, -1));
    return await company.history();
  } finally {
    await company.close();
  }
}

function unwarned(history: readonly RecordedEvent[]): readonly string[] {
  const warnedAt = new Map<string, string>();
  return history.flatMap(({ type, stream, occurredAt, data }) => {
    if (type.endsWith('RecycleWarned')) warnedAt.set(stream, occurredAt);
    if (!type.endsWith('Recycled')) return [];
    const cited = 'warnedAt' in data ? data.warnedAt : undefined;
    return cited !== undefined && cited === warnedAt.get(stream) ? [] : [`${stream} at ${occurredAt}`];
  });
}

/** What happened, without the ids of events, which differ from run to run. */
const transcript = (history: readonly RecordedEvent[]): readonly string[] =>
  history
    .map(
      ({ stream, type, occurredAt, data }) =>
        `${stream} ${occurredAt} ${type} ${JSON.stringify(data, (key, value: unknown) => (key === 'reservationId' ? undefined : value))}`,
    )
    .toSorted();

const differences = (one: readonly string[], other: readonly string[]): readonly string[] => [
  ...one.filter((line) => !other.includes(line)).map((line) => `only without restart: ${line}`),
  ...other.filter((line) => !one.includes(line)).map((line) => `only with restart: ${line}`),
];

const check = (statement: string, problems: readonly string[]): Check => ({ statement, problems });
