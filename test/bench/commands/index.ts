import { absolute, type Contender, interleaved, type Measure, type Measures, ratioOf, type Say } from '../measure.js';
import { Door } from './door.js';
import { Emmett } from './emmett.js';
import { type Grounds, takeGrounds } from './grounds.js';
import { Nowhere } from './nowhere.js';
import { POOL, PROFILE } from './people.js';
import { PlainSql } from './plain-sql.js';
import { RawClient, samplesIn } from './raw-client.js';
import { forEach, Leads, play, type Turn, turns } from './workload.js';
import { WriteSide } from './write-side.js';

const ROUNDS = 5;

/** How many at a time, and so many commands of the workload that a round stays short. */
const CONCURRENCIES = [
  { concurrency: 1, commands: 750 },
  { concurrency: 16, commands: 3_000 },
  { concurrency: 64, commands: turns.length },
];

/** Somebody who can do the work: what comes before the clock, then what each command is. */
interface Worker {
  readonly name: string;
  /** Which of the turns it plays; all by default. */
  readonly plays?: (turn: Turn) => boolean;
  readonly ready: (leads: Leads, turns: readonly Turn[]) => Promise<(turn: Turn) => Promise<unknown>>;
}

/** The claim workload through our command bus and our door, beside the bare client, plain SQL and Emmett, in one run. */
export async function benchCommands(say: Say): Promise<Measures> {
  // As in the built server: the errors of refused and repeated calls are not traced back to TypeScript.
  process.setSourceMapsEnabled(false);
  const grounds = await takeGrounds(say);
  try {
    return await measuresOn(grounds, say);
  } finally {
    await grounds.leave();
  }
}

async function measuresOn(grounds: Grounds, say: Say): Promise<Measures> {
  const ours = await WriteSide.on(grounds);
  await ours.found();
  const alone = await WriteSide.on(grounds, new Nowhere());
  await alone.found();
  const door = await Door.open(grounds);
  const raw = new RawClient(grounds, await samplesOf(ours, grounds));
  const sql = new PlainSql(grounds);
  const emmett = new Emmett(grounds);
  await sql.prepare();
  await emmett.prepare();
  try {
    const workers = [...ourWorkers(ours, door), ...references(raw, sql, emmett)];
    const contenders = [ownCpu(alone), ...CONCURRENCIES.flatMap((load) => workers.map((one) => contender(one, load)))];
    return measures(await interleaved(contenders, ROUNDS, say));
  } finally {
    for (const one of [door, emmett, sql, raw, alone, ours]) await one.close();
  }
}

const ourWorkers = (ours: WriteSide, door: Door): readonly Worker[] => [
  {
    name: 'command bus, warm',
    ready: async (leads) => {
      await ours.capture(leads.ids);
      return (turn) => ours.act(leads.of(turn), turn);
    },
  },
  {
    name: 'command bus, cold',
    ready: async (leads) => {
      await ours.capture(leads.ids);
      return (turn) => ours.actCold(leads.of(turn), turn);
    },
  },
  {
    name: 'HTTP, warm',
    ready: async (leads) => {
      await forEach(leads.ids, (id) => door.capture(id, { poolId: POOL, source: 'web', profile: PROFILE }));
      return (turn) => door.act(leads.of(turn), turn);
    },
  },
  {
    // Each lead once: the server behind the door has never heard of it.
    name: 'HTTP, cold',
    plays: ({ nth }) => nth === 0,
    ready: async (leads) => {
      await ours.capture(leads.ids);
      return (turn) => door.act(leads.of(turn), turn);
    },
  },
];

const references = (raw: RawClient, sql: PlainSql, emmett: Emmett): readonly Worker[] => [
  {
    name: 'client, append',
    ready: async (leads, turns) => {
      await raw.capture(leads.ids);
      return raw.prepare(leads, turns);
    },
  },
  {
    name: 'client, read and append',
    ready: async (leads, turns) => {
      await raw.capture(leads.ids);
      const append = raw.prepare(leads, turns);
      return async (turn) => {
        await raw.read(leads.of(turn));
        await append(turn);
      };
    },
  },
  {
    name: 'plain SQL',
    ready: async (leads) => {
      await sql.capture(leads.ids);
      return (turn) => sql.act(leads.of(turn), turn);
    },
  },
  {
    name: 'Emmett',
    ready: async (leads) => {
      await emmett.capture(leads.ids);
      return (turn) => emmett.act(leads.of(turn), turn);
    },
  },
];

const at = (name: string, concurrency: number): string => `${name}, ${concurrency} at a time`;

function contender({ name, plays = () => true, ready }: Worker, load: (typeof CONCURRENCIES)[number]): Contender {
  return {
    name: at(name, load.concurrency),
    run: async () => {
      const played = turns.slice(0, load.commands).filter(plays);
      const leads = new Leads(played);
      const act = await ready(leads, played);
      return (await play(played, load.concurrency, act)).perSecond;
    },
  };
}

const OWN_CPU = 'own code, CPU per command';

const ownCpu = (alone: WriteSide): Contender => ({
  name: OWN_CPU,
  run: async () => {
    const leads = new Leads(turns);
    await alone.capture(leads.ids);
    return (await play(turns, 64, (turn) => alone.act(leads.of(turn), turn))).cpu;
  },
});

/** What our own run stores of one lead is what the bare client will append. */
async function samplesOf(ours: WriteSide, { namespace }: Grounds): Promise<ConstructorParameters<typeof RawClient>[1]> {
  const story = [
    { lead: 0, nth: 0 },
    { lead: 0, nth: 1 },
  ];
  const leads = new Leads(story);
  await ours.capture(leads.ids);
  for (const turn of story) await ours.act(leads.of(turn), turn);
  return samplesIn(ours.store, `${namespace}_lead-${leads.ids[0] ?? ''}`);
}

/** What is compared with what, and the ratio that 64 at a time must reach. */
const COMPARISONS = [
  { ours: 'command bus, warm', reference: 'client, append', atLeast: 0.8 },
  { ours: 'command bus, warm', reference: 'plain SQL', atLeast: 2 },
  { ours: 'command bus, warm', reference: 'Emmett', atLeast: 2.5 },
  { ours: 'command bus, cold', reference: 'client, read and append', atLeast: 0.6 },
  { ours: 'HTTP, warm', reference: 'client, append' },
  { ours: 'HTTP, warm', reference: 'plain SQL' },
  { ours: 'HTTP, cold', reference: 'client, read and append' },
];

function measures(figures: ReadonlyMap<string, number>): Measures {
  const all: Record<string, Measure> = {};
  for (const { concurrency } of CONCURRENCIES) {
    for (const { ours, reference, atLeast } of COMPARISONS) {
      const [value = NaN, other = NaN] = [figures.get(at(ours, concurrency)), figures.get(at(reference, concurrency))];
      const name = `${at(ours, concurrency)}, beside ${reference}`;
      all[name] = ratioOf(value, other, 'commands/s', concurrency === 64 ? atLeast : undefined);
    }
  }
  all[OWN_CPU] = absolute(figures.get(OWN_CPU) ?? NaN, 'µs', 60);
  return all;
}
