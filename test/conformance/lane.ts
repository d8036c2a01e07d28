/* One lane of the suite: plays the topics it is sent, one after the other, and sends back the results. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { casesOf, type RecordedCase, type Topic } from './cases.js';
import { playClientCase } from './client/player.js';
import { SpareServer } from './servers.js';
import type { Difference } from './symbols.js';
import { playWireCase } from './wire/player.js';
import { ControlledServers } from './wire/servers.js';

export interface Task extends Topic {
  /** `host:port` of the server. */
  readonly address: string;
  /** Whether servers of our own may be started for the cases that stop and kill one. */
  readonly withServers: boolean;
  readonly only: string | undefined;
}

export interface Result {
  readonly name: string;
  readonly unstable: string | undefined;
  /** Undefined when the case could not be played here. */
  readonly differences: readonly Difference[] | undefined;
}

process.on('message', (task: Task) => {
  void play(task).then((results) => process.send?.(results));
});

async function play(task: Task): Promise<Result[]> {
  const { kind, address, withServers, only } = task;
  const folder = await mkdtemp(join(tmpdir(), 'taizhang-conformance-'));
  const spare = withServers ? await SpareServer.in(join(folder, 'spare')) : undefined;
  const servers = withServers ? new ControlledServers(folder) : undefined;
  const results: Result[] = [];
  for (const one of casesOf(task)) {
    const name = `${kind}/${one.name}`;
    if (only !== undefined && !only.split(',').some((part) => name.includes(part))) continue;
    const needsServers = one.server === 'spare' || one.requires === 'control';
    const differences = needsServers && !withServers ? undefined : await playCase(one);
    results.push({ name, unstable: one.unstable, differences });
  }
  await spare?.remove();
  await rm(folder, { recursive: true, force: true });
  return results;

  function playCase(one: RecordedCase): Promise<Difference[]> {
    return kind === 'client' ? playClientCase(one, address, spare) : playWireCase(one, address, servers);
  }
}
