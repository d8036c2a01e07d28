/* One lane of the suite: plays the topics it is sent, one after the other, and sends back the results. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { casesOf, type RecordedCase, type Topic } from './cases.js';
import { beyondTheClient } from './client/differences.js';
import { type ClientName, loadClient } from './client/library.js';
import { playClientCase } from './client/player.js';
import { NodeProgram } from '../faults/node-program.js';
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

process.on('message', (task: Task) => {
  void play(task).then((results) => process.send?.(results));
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
    if (skipped === undefined) results.push({ name, unstable: one.unstable, differences: await playCase(one) });
    else results.push({ name, unstable: one.unstable, skipped, differences: [] });
  }
  await spare?.remove();
  await rm(folder, { recursive: true, force: true });
  return results;

  function playCase(one: RecordedCase): Promise<Difference[]> {
    if (kind === 'wire') return playWireCase(one, target, servers);
    const found = playClientCase(one, target, spare);
    return client === 'kurrent' ? found.then((differences) => beyondTheClient(one.name, differences)) : found;
  }
}

function whyNot(one: RecordedCase, { target, withServers }: Task): string | undefined {
  const needsServers = one.server === 'spare' || one.requires === 'control';
  if (needsServers && !withServers) return 'needs a server that may be stopped';
  if (target.credentials !== undefined && NAMES_USERS.test(JSON.stringify(one.steps)))
    return 'names users, which an insecure server ignores';
  return undefined;
}
