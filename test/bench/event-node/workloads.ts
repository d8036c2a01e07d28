import { appends, catchUp, forAWhile, loads, readAll } from './loads.js';
import type { Subject } from './subject.js';

interface Workload {
  readonly name: string;
  readonly unit: string;
  /** The share of the null server's figure that the node must reach; reported only when absent. */
  readonly atLeast?: number;
  /** How often it is run in a round; once when absent. */
  readonly times?: number;
  readonly run: (subject: Subject) => Promise<number>;
}

/** Lengths of streams that are loaded, and how many of them in a round. */
export const LOADS = [
  { length: 1, perRound: 600 },
  { length: 10, perRound: 500 },
  { length: 100, perRound: 150 },
] as const;

/** What has a target is measured by turns within a round: the pace of a machine changes within seconds. */
const TIMES = 3;

const APPENDS = [
  { writers: 1 },
  { writers: 16, atLeast: 0.55, times: TIMES },
  { writers: 64, atLeast: 0.7, times: TIMES },
  { writers: 256, atLeast: 0.8, times: TIMES },
];
const BATCH = { writers: 16, events: 100 };

/** They stay in the node's memory once they were read. */
const READ = 20_000;

/** More than stays in it. */
const READ_FROM_DISK = 60_000;

/** What is measured, in this order, round after round. */
export const workloads: readonly Workload[] = [
  ...LOADS.map(({ length, perRound }) => ({
    name: `loads of ${length}`,
    unit: 'loads/s',
    atLeast: 0.8,
    run: (subject: Subject) => loads(subject.client, subject.newStreams(length, perRound), length),
  })),
  {
    name: '$all read',
    unit: 'events/s',
    atLeast: 0.95,
    times: TIMES,
    run: ({ client }) => forAWhile(() => readAll(client, READ)),
  },
  {
    name: '$all subscription',
    unit: 'events/s',
    atLeast: 0.95,
    times: TIMES,
    run: ({ client }) => forAWhile(() => catchUp(client, READ)),
  },
  ...APPENDS.map(({ writers, ...target }) => ({
    name: `appends at ${writers}`,
    unit: 'appends/s',
    ...target,
    run: ({ client, watched }: Subject) => watched(writers, () => appends(client, writers)),
  })),
  {
    name: `appends of ${BATCH.events} at ${BATCH.writers}`,
    unit: 'events/s',
    run: async ({ client }) => BATCH.events * (await appends(client, BATCH.writers, BATCH.events)).perSecond,
  },
  { name: '$all read from disk', unit: 'events/s', run: ({ client }) => readAll(client, READ_FROM_DISK) },
];
