/* npm run conformance [-- --url esdb://…] [--client kurrent] [--only TEXT,TEXT]: plays the cases against a server. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeEmbeddedStack, startEventNode, startPostgres } from '#embedded';
import { exclusions, topics, type Topic } from './cases.js';
import { isClientName, type ClientName } from './client/library.js';
import type { Result } from './lane.js';
import { Player } from './players.js';
import { plainTarget, type Target, targetOf } from './target.js';

/** Cases mostly wait, so that several lanes, each on a node of its own, cost little more than one. */
const LANES = 4;

/**
 * Topics that take longest come first. One lane plays all of the first entry: a case there compares positions of
 * the main server with those of a spare one, which is to have the shorter log.
 */
const FIRST: readonly (readonly string[])[] = [
  ['client/append', 'client/connection'],
  ['client/subscribe'],
  ['client/idempotency'],
  ['client/filter'],
  ['client/restart'],
  ['wire/batch-append'],
  ['wire/subscribe'],
  ['wire/transport'],
];

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    client: { type: 'string', default: 'eventstore' },
    only: { type: 'string' },
  },
});
const client = clientNamed(values.client);
const excluded = values.url === undefined ? exclusions() : new Map<string, string>();
const results =
  values.url === undefined ? await playEmbedded() : await playLane(queue(), await targetOf(values.url), false);
report(results);

function clientNamed(name: string): ClientName {
  if (isClientName(name)) return name;
  throw new Error('--client is eventstore or kurrent');
}

type Topics = Topic[];

/** What is left to be played, in pieces for one lane each. */
function queue(): Topics[] {
  // On the wire both clients are one.
  const all = topics().filter(({ kind }) => client === 'eventstore' || kind === 'client');
  const pieces = FIRST.map((names) => all.filter(({ kind, topic }) => names.includes(`${kind}/${topic}`)));
  const rest = all.filter((one) => !pieces.flat().includes(one));
  return [...pieces, ...rest.map((one) => [one])];
}

/** Several nodes of our own, on one Postgres. */
async function playEmbedded(): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'taizhang-conformance-'));
  const postgres = await startPostgres({ folder });
  const tasks = queue();
  try {
    const lanes = Array.from({ length: LANES }, async (_, index) => {
      await postgres.createDatabase(`log_${index}`);
      const node = await startEventNode({ databaseUrl: postgres.url(`log_${index}`) });
      try {
        return await playLane(tasks, plainTarget(new URL(node.connectionString.replace(/^esdb/, 'http')).host), true);
      } finally {
        await node.stop();
      }
    });
    return (await Promise.all(lanes)).flat();
  } finally {
    await postgres.stop();
    await removeEmbeddedStack(folder);
  }
}

/** Plays topics from the queue while there are any. */
async function playLane(pieces: Topics[], target: Target, withServers: boolean): Promise<Result[]> {
  const player = new Player();
  const all: Result[] = [];
  for (const topic of takeFrom(pieces))
    all.push(...(await player.play({ ...topic, target, client, withServers, only: values.only })));
  player.end();
  return all;
}

/** The topics of one piece after the other, while there are any that no other lane has taken. */
function* takeFrom(pieces: Topics[]): Generator<Topic> {
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) yield* piece;
}

function report(all: readonly Result[]): void {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, unstable, skipped, differences } of all) {
    const reason = excluded.get(name) ?? skipped;
    if (differences.length === 0 && reason === undefined) count.passed++;
    else if (reason !== undefined || unstable !== undefined) {
      count.skipped++;
      console.log(`skipped  ${name}: ${reason ?? `differs, and may: ${unstable ?? ''}`}`);
    } else {
      count.failed++;
      console.log(`FAILED   ${name}`);
      for (const { at, recorded, now } of differences.slice(0, 8)) {
        console.log(`           ${at}: recorded ${brief(recorded)}, now ${brief(now)}`);
      }
    }
  }
  console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  process.exitCode = count.failed > 0 ? 1 : 0;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
