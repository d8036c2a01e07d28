import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { removeCluster } from './cluster.js';
import { startEventNode, type EventNodeOptions } from './event-node.js';
import { endOrphanedEventNode } from './orphans.js';
import { startPostgres, type RunningPostgres } from './postgres.js';
import { announceStack } from './running-stack.js';

export interface StackOptions {
  /** Holds the whole stack; started on again, it goes on where it was. */
  readonly folder: string;
  readonly log?: (message: string) => void;
  /** Where the event node listens and writes its pid, and how it is secured. */
  readonly node?: Omit<EventNodeOptions, 'databaseUrl' | 'logFile'>;
}

/** Everything the application needs from outside itself, running on this machine. */
export interface EmbeddedStack {
  /** `esdb://…` of the event node. */
  readonly eventStoreUrl: string;
  /** The database for read models and keys. */
  readonly databaseUrl: string;
  readonly postgres: RunningPostgres;
  /** Resolves with the reason when a part ends without having been told to. */
  readonly lost: Promise<string>;
  /** Whether the node has ended in good order. */
  readonly nodeEndedWell: () => boolean;
  /** Stops the node, then Postgres. */
  stop(): Promise<void>;
}

/** Starts Postgres, then the event node on it. */
export async function startEmbeddedStack({ folder, log, node = {} }: StackOptions): Promise<EmbeddedStack> {
  const home = resolve(folder);
  const pidFile = join(home, 'event-node.pid');
  const postgres = await startPostgres({ folder: join(home, 'postgres'), ...(log && { log }) });
  try {
    if (await endOrphanedEventNode(pidFile)) log?.('Ended an event node that was left running on this folder.');
    await Promise.all(['event_log', 'taizhang'].map((name) => postgres.createDatabase(name)));
    const eventNode = await startEventNode({
      ...node,
      databaseUrl: postgres.url('event_log'),
      logFile: join(home, 'event-node.log'),
    });
    await writeFile(pidFile, String(eventNode.pid));
    const address = { eventStoreUrl: eventNode.connectionString, databaseUrl: postgres.url('taizhang') };
    const retract = await announceStack(home, address);
    const stop = async (): Promise<void> => {
      await retract();
      await eventNode.stop();
      await rm(pidFile, { force: true });
      await postgres.stop();
    };
    // Without its Postgres the node could only wait, and keep its clients waiting, until somebody insists.
    void postgres.lost.then(() => eventNode.kill());
    let stopping: Promise<void> | undefined;
    return {
      ...address,
      postgres,
      lost: Promise.race([eventNode.lost, postgres.lost]),
      nodeEndedWell: eventNode.endedWell,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Deletes a stopped stack with its data, also what it keeps outside the folder. */
export async function removeEmbeddedStack(folder: string): Promise<void> {
  await removeCluster(join(resolve(folder), 'postgres'));
  await removeCluster(resolve(folder));
}
