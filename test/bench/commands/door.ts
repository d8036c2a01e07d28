import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Grounds } from './grounds.js';
import { isClaim, repOf } from './people.js';
import type { Turn } from './workload.js';

/** The built server, a process of its own, and who posts to it over connections that stay open. */
export class Door {
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly url: string,
    private readonly stopServer: () => Promise<void>,
  ) {}

  static async open({ eventStoreUrl, databaseUrl, namespace, masterKey }: Grounds): Promise<Door> {
    const server = spawn(process.execPath, ['--max-semi-space-size=64', 'dist/apps/server/main.js'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        EVENTSTORE_URL: eventStoreUrl,
        DATABASE_URL: databaseUrl,
        NAMESPACE: namespace,
        MASTER_KEY: masterKey.toString('base64'),
        ROLES: 'api',
        PORT: '0',
      },
    });
    const stop = async (): Promise<void> => {
      const ended = once(server, 'exit');
      if (server.kill()) await ended;
    };
    for await (const line of createInterface({ input: server.stdout })) {
      const url = /answers on (\S+)/.exec(line)?.[1];
      if (url !== undefined) return new Door(url, stop);
    }
    throw new Error('the server did not start: run `npm run build` first');
  }

  /** A rep claims the lead, or gives it back. */
  act(leadId: string, turn: Turn): Promise<void> {
    const { id, displayName = '' } = repOf(turn);
    const headers = { 'x-actor': id, 'x-actor-name': encodeURIComponent(displayName) };
    return isClaim(turn)
      ? this.post('ClaimLead', { leadId }, headers)
      : this.post('ReturnLead', { leadId, reasonCode: 'no_need' }, headers);
  }

  /** Leads in the pool; their streams are warm in the server afterwards. */
  capture(leadId: string, fields: object): Promise<void> {
    return this.post('CaptureLead', { leadId, ...fields }, { 'x-actor': 'website', 'x-actor-kind': 'integration' });
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.stopServer();
  }

  private post(command: string, fields: object, headers: Readonly<Record<string, string>>): Promise<void> {
    const body = JSON.stringify(fields);
    const { agent } = this;
    const type = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    const options = { agent, method: 'POST', headers: { ...type, ...headers } };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}/commands/${command}`, options, (response) => {
        response.resume();
        response.on('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`${command}: ${response.statusCode ?? 0}`)),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
