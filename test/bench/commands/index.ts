import {
  absolute,
  type Contender,
  interleaved,
  type Measure,
  type Measures,
  median,
  ratioOf,
  type Say,
} from '../measure.js';
import { Door } from './door.js';
import { Emmett } from './emmett.js';
import { type Grounds, takeGrounds } from './grounds.js';
import { cutOff, type Nowhere } from './nowhere.js';
import { POOL, PROFILE } from './people.js';
import { PlainSql } from './plain-sql.js';
import { RawClient, samplesIn } from './raw-client.js';
import { forEach, Leads, play, type Turn, turns } from './workload.js';
import { WriteSide } from './write-side.js';

const ROUNDS = 5;

/** How many at a time, and how many commands of the workload, which is only played whole where a ratio must be reached. */
const CONCURRENCIES = [
  { concurrency: 1, commands: 400 },
  { concurrency: 16, commands: 1_500 },
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
  const alone = await WriteSide.on({ ...grounds, namespace: `${grounds.namespace}_alone` });
  await alone.found();
  const nowhere = await cutOff(alone.store);
  const door = await Door.open(grounds);
  const raw = new RawClient(grounds, await samplesOf(ours, grounds));
  const sql = new PlainSql(grounds);
  const emmett = new Emmett(grounds);
  await sql.prepare();
  await emmett.prepare();
  try {
    const workers = [...ourWorkers(ours, door), ...references(raw, sql, emmett)];
    const client: number[] = [];
    // Our own code before each load: the machine's minutes differ, and fifteen samples tell more than five.
    const contenders = CONCURRENCIES.flatMap((load) => [
      ownCpu(alone, nowhere),
      ...workers.map((one) => contender(one, load, client)),
    ]);
    return measures(await interleaved(contenders, ROUNDS, say), median(client));
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

const BARE = 'client, append';

const references = (raw: RawClient, sql: PlainSql, emmett: Emmett): readonly Worker[] => [
  {
    name: BARE,
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

/** A worker at one of the loads; it notes what the bare client computes for an append when it is under the full one. */
function contender(
  { name, plays = () => true, ready }: Worker,
  { concurrency, commands }: (typeof CONCURRENCIES)[number],
  client: number[],
): Contender {
  return {
    name: at(name, concurrency),
    run: async () => {
      const played = turns.slice(0, commands).filter(plays);
      const leads = new Leads(played);
      const { perSecond, cpu } = await play(played, concurrency, await ready(leads, played));
      if (name === BARE && played.length === turns.length) client.push(cpu);
      return perSecond;
    },
  };
}

const OWN_CPU = 'own code, CPU per command';

/** The process does nothing else meanwhile, so that its CPU time, garbage and all, is that of the commands, of playing them and of the server's part. */
const ownCpu = (alone: WriteSide, nowhere: Nowhere): Contender => ({
  name: OWN_CPU,
  run: async () => {
    const leads = new Leads(turns);
    await alone.capture(leads.ids);
    const playing = await play(turns, 64, () => Promise.resolve(nowhere.again()));
    const commands = await play(turns, 64, (turn) => alone.act(leads.of(turn), turn));
    return commands.cpu - playing.cpu;
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

function measures(figures: ReadonlyMap<string, number>, client: number): Measures {
  const all: Record<string, Measure> = {};
  for (const { concurrency, commands } of CONCURRENCIES) {
    all[at('commands of a round', concurrency)] = absolute(commands, 'commands');
    for (const { ours, reference, atLeast } of COMPARISONS) {
      const [value = NaN, other = NaN] = [figures.get(at(ours, concurrency)), figures.get(at(reference, concurrency))];
      const name = `${at(ours, concurrency)}, beside ${reference}`;
      all[name] = ratioOf(value, other, 'commands/s', concurrency === 64 ? atLeast : undefined);
    }
  }
  const own = figures.get(OWN_CPU) ?? NaN;
  // Beside what the client computes for a bare append in the same run: machines differ, and so do their hours.
  const { reference, ratio } = ratioOf(own, client, 'µs');
  all[OWN_CPU] = { ...absolute(own, 'µs', 60), reference, ratio };
  return all;
}
