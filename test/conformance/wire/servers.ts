import { join } from 'node:path';
import { text } from '../json.js';
import { NodeProgram } from '../../faults/node-program.js';

const SIGNALS: Readonly<Record<string, string>> = { term: 'SIGTERM', kill: 'SIGKILL' };

/** The servers that a case starts, stops and kills by name; a name keeps its data until the case ends. */
export class ControlledServers {
  private readonly servers = new Map<string, NodeProgram>();
  private started = 0;

  constructor(private readonly folder: string) {}

  async act(what: Readonly<Record<string, unknown>>): Promise<void> {
    const name = text(what['name']);
    const signal = SIGNALS[text(what['do'])];
    const server = this.servers.get(name) ?? (await NodeProgram.in(join(this.folder, `${name}-${++this.started}`)));
    this.servers.set(name, server);
    if (signal === undefined) await server.start();
    else await server.signal(signal, true);
  }

  addressOf(name: string): string | undefined {
    return this.servers.get(name)?.address;
  }

  async removeAll(): Promise<void> {
    for (const server of this.servers.values()) await server.remove();
    this.servers.clear();
  }
}
