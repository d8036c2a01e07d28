import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { removeEmbeddedStack, type RunningEventNode, startEventNode, startPostgres, temporaryFolder } from '#embedded';
import { processorSeconds } from './processor-time.js';

/** A server that clients can be let loose on. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** The event node with its Postgres, as a user gets it. */
export interface NodeServer extends Server {
  /** Stops the node and starts it again: what it had in memory is gone. */
  restart(): Promise<void>;
  /** The processor time they have taken so far, in seconds. */
  processorSeconds(): { readonly node: number; readonly postgres: number };
}

export async function startNodeServer(): Promise<NodeServer> {
  const folder = temporaryFolder('taizhang-bench');
  const postgres = await startPostgres({ folder: join(folder, 'postgres') });
  await postgres.createDatabase('event_log');
  const databaseUrl = postgres.url('event_log');
  let node: RunningEventNode = await startEventNode({ databaseUrl });
  return {
    get url() {
      return node.connectionString;
    },
    async restart() {
      await node.stop();
      node = await startEventNode({ databaseUrl });
    },
    processorSeconds: () => ({
      node: processorSeconds(node.pid),
      postgres: processorSeconds(postgres.pid, { withChildren: true }),
    }),
    async stop() {
      await node.stop();
      await postgres.stop();
      await removeEmbeddedStack(folder);
    },
  };
}

const Greeting = z.object({ port: z.number() });

export async function startNullServer(): Promise<Server> {
  const child = fork(new URL('null-server.ts', import.meta.url));
  const [{ port }] = z
    .tuple([Greeting])
    .rest(z.unknown())
    .parse(await once(child, 'message'));
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
