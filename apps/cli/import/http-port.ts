import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { CommandIssue, CommandOutcome, CommandPort, Fields } from '#import';
import { CannotImport } from '#import';
import type { Actor } from '#kernel';
import { MAY_PASS, outcomeOf, problem } from './answer.js';

const CONNECTIONS = 16;
const PAUSE_MS = 500;

const answer = z.union([
  z.object({ line: z.int(), outcome: z.enum(['accepted', 'duplicate']), events: z.array(z.string()) }),
  z.object({ line: z.int(), outcome: z.literal('rejected'), problem }),
]);

interface Waiting {
  readonly line: string;
  readonly resolve: (outcome: CommandOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Commands go to a running server as NDJSON: what waits is sent together, over a few connections at once. */
export class HttpPort implements CommandPort {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  private readonly waiting: Waiting[] = [];
  private underWay = 0;
  private isScheduled = false;
  /** Since when nothing is answered. */
  private silentSince: number | undefined;

  constructor(
    private readonly url: string,
    private readonly actor: Actor,
    /** For how long a server may be away: commands are sent again, under their ids, when it is back. */
    private readonly patienceMs = 60_000,
  ) {}

  send(command: string, fields: Fields, { commandId, occurredAt, reason }: CommandIssue): Promise<CommandOutcome> {
    const line = JSON.stringify({ command, id: commandId, fields: { ...fields, occurredAt, reason } });
    return new Promise((resolve, reject) => {
      this.waiting.push({ line, resolve, reject });
      this.schedule();
    });
  }

  close(): void {
    this.agent.destroy();
  }

  /** Commands that are sent in the same moment share a request. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      const free = CONNECTIONS - this.underWay;
      const share = Math.ceil(this.waiting.length / Math.max(free, 1));
      for (let sent = 0; sent < free && this.waiting.length > 0; sent++)
        void this.sendBatch(this.waiting.splice(0, share));
    });
  }

  private async sendBatch(batch: readonly Waiting[]): Promise<void> {
    this.underWay += 1;
    try {
      const { unanswered, why } = await this.post(batch);
      if (unanswered.length < batch.length) this.silentSince = undefined;
      if (unanswered.length > 0) await this.pause(why);
      this.waiting.unshift(...unanswered);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.underWay -= 1;
    }
    if (this.waiting.length > 0) this.schedule();
  }

  /** Sends a batch and answers its commands; returns those without an answer, to be sent again, and why. */
  private async post(batch: readonly Waiting[]): Promise<{ unanswered: readonly Waiting[]; why: string }> {
    const unanswered = new Set(batch);
    try {
      for (const text of (await this.exchange(batch.map(({ line }) => line).join('\n'))).split('\n')) {
        if (text === '') continue;
        const told = answer.parse(JSON.parse(text));
        const one = batch[told.line - 1];
        if (one === undefined || (told.outcome === 'rejected' && MAY_PASS.has(told.problem.code))) continue;
        unanswered.delete(one);
        one.resolve(outcomeToldBy(told));
      }
      return { unanswered: [...unanswered], why: 'its event store does not answer' };
    } catch (error) {
      if (error instanceof CannotImport) throw error;
      return { unanswered: [...unanswered], why: error instanceof Error ? error.message : String(error) };
    }
  }

  private async pause(why: string): Promise<void> {
    this.silentSince ??= performance.now();
    if (performance.now() - this.silentSince < this.patienceMs) return delay(PAUSE_MS);
    throw new CannotImport(
      `The server at ${this.url} does not answer (${why}). Start the import again when it does: it goes on where it was.`,
    );
  }

  private exchange(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/x-ndjson',
        'x-actor': this.actor.id,
        'x-actor-kind': this.actor.kind,
      };
      const sent = request(
        new URL('/commands', this.url),
        { method: 'POST', agent: this.agent, headers },
        (response) => {
          text(response).then((answers) => {
            const { statusCode = 0 } = response;
            if (statusCode === 200) resolve(answers);
            else if (statusCode >= 500) reject(new Error(`it answered ${statusCode}`));
            else
              reject(
                new CannotImport(`${this.url} takes no commands: it answered ${statusCode} ${answers.slice(0, 500)}`),
              );
          }, reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function outcomeToldBy(told: z.output<typeof answer>): CommandOutcome {
  if (told.outcome === 'rejected') return outcomeOf(told.problem);
  return { outcome: told.outcome, events: told.outcome === 'accepted' ? told.events.length : 0 };
}
