import { readFile } from 'node:fs/promises';
import { CommandBus } from '@nestjs/cqrs';
import type { CommandPort } from '#import';
import type { Actor } from '#kernel';
import { readConfiguration } from '../../server/configuration.js';
import { addressFile, startServer } from '../../server/server.js';
import { BusPort } from './bus-port.js';
import { HttpPort } from './http-port.js';

interface OpenPort {
  readonly port: CommandPort;
  close(): Promise<void>;
}

/** Where commands go: to the server that is named or runs already, else to the whole program in this process. */
export async function openPort(source: string, flags: { server?: string; dryRun?: boolean }): Promise<OpenPort> {
  if (flags.dryRun)
    return { port: { send: () => Promise.resolve({ outcome: 'accepted', events: 1 }) }, close: nothing };
  const actor: Actor = { id: `import:${source}`, kind: 'import' };
  const url = flags.server ?? (await runningServer());
  if (url !== undefined) {
    console.error(`Importing into the server at ${url}`);
    const port = new HttpPort(url, actor);
    return {
      port,
      close: () => {
        port.close();
        return Promise.resolve();
      },
    };
  }
  const server = await startServer({ ...readConfiguration(process.env), port: 0 }, console.error);
  return { port: new BusPort(server.application.get(CommandBus), actor), close: () => server.stop() };
}

/** The address of a server that runs on the same data folder and answers. */
async function runningServer(): Promise<string | undefined> {
  const url = await readFile(addressFile(readConfiguration(process.env)), 'utf8').catch(() => undefined);
  if (url === undefined) return undefined;
  const isAnswering = await fetch(new URL('/health', url))
    .then(({ ok }) => ok)
    .catch(() => false);
  return isAnswering ? url : undefined;
}

const nothing = () => Promise.resolve();
