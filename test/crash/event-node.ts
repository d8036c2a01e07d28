import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import fc from 'fast-check';
import { removeLeftovers, temporaryFolder } from '#embedded';
import { EventStoreDB } from '#event-store';
import { kill, NodeProgram, type Processes, until, within } from '../faults/index.js';
import { contradictions, type FoundEvent } from './attempts.js';
import { inRounds, type Crashes, type Ordeal, type Round } from './rounds.js';
import { Writers } from './writers.js';

const FOLDERS = 'taizhang-crash';
/** So often a program that does not start is started again: another process may have taken its port. */
const STARTS = 3;
/** However slow the appends are, something is killed after this. */
const LONGEST_WRITING_MS = 1_500;
/** What has not come by then fails the round: a start takes a second or two, but many on a busy machine. */
const PATIENCE_MS = 180_000;

/** What is killed at once, without a word. */
const deaths = {
  'the node': ['node'],
  'the node and its command, which leaves Postgres behind': ['command', 'node'],
  'a backend of Postgres': ['backend'],
  'the postmaster': ['postmaster'],
  'the postmaster and the node': ['postmaster', 'node'],
  everything: ['command', 'node', 'postmaster', 'backend'],
} satisfies Readonly<Record<string, readonly (keyof Processes)[]>>;

const names = recordKeys(deaths);

/** When it is killed: by appends, so that a round is no longer where they are fast, and then somewhere between two. */
const anyMoment = fc.record({
  appends: fc.noBias(fc.integer({ min: 10, max: 200 })),
  andMs: fc.noBias(fc.integer({ min: 0, max: 20 })),
});

/** Each death in its turn, so that few rounds see all of them, at a moment of chance. */
function deathOf(seed: number) {
  const [moment = { appends: 0, andMs: 0 }] = fc.sample(anyMoment, { seed, numRuns: 1 });
  return { death: names[seed % names.length] ?? 'everything', ...moment };
}

/** Kills the event node, its Postgres, or both, under writers of all kinds: nothing acknowledged may be lost, doubled or moved. */
export const crashEventNode = (options: { rounds: number; seed: number }): Promise<Crashes> =>
  inRounds('event-node', options, async () => {
    await removeLeftovers(FOLDERS);
    const folder = temporaryFolder(FOLDERS);
    const ordeal = new NodeOrdeal(folder, await NodeProgram.in(join(folder, 'data')));
    await ordeal.start();
    return ordeal;
  });

class NodeOrdeal implements Ordeal {
  readonly #writers: Writers;
  readonly #following = new AbortController();
  readonly #followed: FoundEvent[] = [];
  #before: readonly FoundEvent[] = [];
  #isOver = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly program: NodeProgram,
  ) {
    this.#writers = new Writers(program.connectionString);
  }

  async start(): Promise<void> {
    await this.program.start();
    this.#running = this.#keepRunning();
    this.#follow().catch((error: unknown) => this.#writers.problems.push(String(error)));
  }

  async round(seed: number): Promise<Round> {
    const { death, appends, andMs } = deathOf(seed);
    const processes = await within('the processes to be known', this.program.processes(), PATIENCE_MS);
    const { attempts, problems } = this.#writers;
    const enough = attempts.length + appends;
    this.#writers.begin(seed);
    await until('the writers', () => attempts.length >= enough, LONGEST_WRITING_MS).catch(() => undefined);
    await setTimeout(andMs);
    for (const part of deaths[death]) kill(processes[part]);
    const killedAt = performance.now();
    await within('the writers to learn what became of their appends', this.#writers.end(), PATIENCE_MS);
    const awayFor = ((performance.now() - killedAt) / 1000).toFixed(1);
    const log = await within('the log to be read', this.#read(), PATIENCE_MS);
    await until('the subscriber', () => this.#followed.length >= log.length, PATIENCE_MS).catch(() => undefined);
    const evidence = { attempts, log, before: this.#before, followed: this.#followed };
    this.#before = log;
    return {
      told: `killed ${death} after ${appends} appends and ${andMs} ms; all answered ${awayFor} s later; ${log.length} events`,
      problems: [...problems.splice(0), ...contradictions(evidence)],
    };
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#following.abort();
    await this.#writers.close();
    await this.program.remove();
    await this.#running;
    await rm(this.folder, { recursive: true });
  }

  /** Starts the program again whenever it has ended, as whoever runs it in earnest would. */
  async #keepRunning(): Promise<void> {
    for (let failures = 0; ;) {
      await this.program.ended();
      if (this.#isOver) return;
      try {
        await this.program.start();
        failures = 0;
      } catch (error) {
        if (++failures < STARTS) continue;
        this.#writers.problems.push(String(error));
        return;
      }
    }
  }

  /** Whole: a read that is cut short begins anew. */
  #read(): Promise<readonly FoundEvent[]> {
    return until('the log', () => read(this.program.connectionString).catch(() => undefined), PATIENCE_MS);
  }

  async #follow(): Promise<void> {
    const store = new EventStoreDB(this.program.connectionString);
    for await (const delivery of store.subscribe([''], 'start', this.#following.signal)) {
      if (!('event' in delivery)) continue;
      const { id, stream, revision, position, data } = delivery.event;
      if (!stream.startsWith('$')) this.#followed.push({ id, stream, revision, position: position.commit, data });
    }
    await store.close();
  }
}

/** The whole log, as the official client reads it past our adapter. */
async function read(url: string): Promise<readonly FoundEvent[]> {
  const client = EventStoreDBClient.connectionString(url);
  const found: FoundEvent[] = [];
  for await (const { event } of client.readAll()) {
    if (!event || event.streamId.startsWith('$')) continue;
    const { id, streamId: stream, revision, position, data } = event;
    found.push({ id, stream, revision, position: position.commit, data });
  }
  await client.dispose();
  return found;
}

function recordKeys<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  const isKey = (key: string): key is K => key in record;
  return Object.keys(record).filter(isKey);
}
