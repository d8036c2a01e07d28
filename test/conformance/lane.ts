/* One lane of the suite: plays the topics it is sent, one after the other, and sends back the results. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { casesOf, type RecordedCase, type Topic } from './cases.js';
import { beyondTheClient } from './client/differences.js';
import { type ClientName, loadClient } from './client/library.js';
import { playClientCase } from './client/player.js';
import { NodeProgram } from '../faults/node-program.js';
import { StrayErrors } from './stray.js';
import type { Difference } from './symbols.js';
import type { Target } from './target.js';
import { playWireCase } from './wire/player.js';
import { ControlledServers } from './wire/servers.js';

export interface Task extends Topic {
  readonly target: Target;
  readonly client: ClientName;
  /** Whether servers of our own may be started for the cases that stop and kill one. */
  readonly withServers: boolean;
  readonly only: string | undefined;
}

export interface Result {
  readonly name: string;
  readonly unstable: string | undefined;
  /** Why the case could not be played here. */
  readonly skipped?: string;
  readonly differences: readonly Difference[];
}

/** An insecure server does not look at the users that some cases name. */
const NAMES_USERS = /"credentials"|"authorization"|@\$MAIN/;

const stray = new StrayErrors();

process.on('message', (task: Task) => {
  play(task).then(
    (results) => process.send?.(results),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function play(task: Task): Promise<Result[]> {
  const { kind, target, client, withServers, only } = task;
  await loadClient(client);
  const folder = await mkdtemp(join(tmpdir(), 'taizhang-conformance-'));
  const spare = withServers ? await NodeProgram.in(join(folder, 'spare')) : undefined;
  const servers = withServers ? new ControlledServers(folder) : undefined;
  const results: Result[] = [];
  for (const one of casesOf(task)) {
    const name = `${kind}/${one.name}`;
    if (only !== undefined && !only.split(',').some((part) => name.includes(part))) continue;
    const skipped = whyNot(one, task);
    if (skipped === undefined) results.push({ name, unstable: one.unstable, differences: await played(one) });
    else results.push({ name, unstable: one.unstable, skipped, differences: [] });
  }
  await spare?.remove();
  await rm(folder, { recursive: true, force: true });
  return results;

  /** A case that cannot be played to its end differs by that; the others go on. */
  async function played(one: RecordedCase): Promise<Difference[]> {
    for (const late of stray.take()) console.error(`before ${kind}/${one.name} an error escaped: ${String(late)}`);
    const found = await playAgainIfSlow(one).catch((error: unknown) => [otherwise(error)]);
    // Our own player on the wire lets nothing escape; what the client lets escape after the last step is its habit.
    return kind === 'wire' ? [...found, ...stray.take().map(otherwise)] : found;
  }

  /** What took longer than on the recorded server, and did nothing else otherwise, may have met a busy moment. */
  async function playAgainIfSlow(one: RecordedCase): Promise<Difference[]> {
    const found = await playCase(one);
    const onlySlow = found.length > 0 && found.every(({ at }) => at.endsWith(' took'));
    return onlySlow ? playCase(one) : found;
  }

  async function playCase(one: RecordedCase): Promise<Difference[]> {
    if (kind === 'wire') return playWireCase(one, target, servers);
    const found = await playClientCase(one, target, spare, stray);
    return client === 'kurrent' ? beyondTheClient(one.name, found) : found;
  }
}

const otherwise = (error: unknown): Difference => ({ at: 'the case', recorded: 'played', now: String(error) });

function whyNot(one: RecordedCase, { target, withServers }: Task): string | undefined {
  const needsServers = one.server === 'spare' || one.requires === 'control';
  if (needsServers && !withServers) return 'needs a server that may be stopped';
  if (target.credentials !== undefined && NAMES_USERS.test(JSON.stringify(one.steps)))
    return 'names users, which an insecure server ignores';
  return undefined;
}
