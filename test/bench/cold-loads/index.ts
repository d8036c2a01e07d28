import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { takeGrounds } from '../commands/grounds.js';
import { WriteSide } from '../commands/write-side.js';
import { type Contender, interleaved, type Measures, ratioOf, type Say } from '../measure.js';

const ROUNDS = 5;

/** How many events a stream has, and how often it is loaded in a round. */
const LENGTHS = [
  { events: 10, loads: 200 },
  { events: 100, loads: 50 },
  { events: 1_000, loads: 10 },
  { events: 10_000, loads: 2 },
];

/** What it takes to fold a stream that nobody has in memory, beside the bare client that only reads it: whether snapshots are worth their keep. */
export async function benchColdLoads(say: Say): Promise<Measures> {
  const grounds = await takeGrounds(say);
  const ours = await WriteSide.on(grounds);
  const client = EventStoreDBClient.connectionString(grounds.eventStoreUrl);
  try {
    const contenders: Contender[] = [];
    for (const { events, loads } of LENGTHS) {
      const leadId = randomUUID();
      await ours.capture([leadId]);
      for (let nth = 1; nth < events; nth++) await ours.correct(leadId, `王芳 ${nth}`);
      const read = async () => {
        for await (const _ of client.readStream(`${grounds.namespace}_lead-${leadId}`));
      };
      contenders.push(
        { name: loadOf(events), run: () => millisecondsOf(loads, () => ours.loadCold(leadId)) },
        { name: readOf(events), run: () => millisecondsOf(loads, read) },
      );
    }
    const figures = await interleaved(contenders, ROUNDS, say);
    return Object.fromEntries(
      LENGTHS.map(({ events }) => [
        loadOf(events),
        ratioOf(figures.get(loadOf(events)) ?? NaN, figures.get(readOf(events)) ?? NaN, 'ms'),
      ]),
    );
  } finally {
    await client.dispose();
    await ours.close();
    await grounds.leave();
  }
}

const loadOf = (events: number): string => `load ${events} events`;
const readOf = (events: number): string => `client, read ${events} events`;

async function millisecondsOf(times: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  for (let done = 0; done < times; done++) await work();
  return (performance.now() - start) / times;
}
