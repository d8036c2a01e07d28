import { CommandBus } from '@nestjs/cqrs';
import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { RecordedEvents, type Command, type CommandResult } from '#event-store';
import { Refusal, type RecordedEvent } from '#kernel';
import type { VirtualClock } from '#policies';
import { type PolicyRunner } from '#policies';
import { createApplication } from '../../apps/server/application.js';
import type { ApplicationConfiguration } from '../../apps/server/configuration.js';
import { Policies } from '../../apps/server/policies.module.js';

/** The application with its policies in this process, under a clock of its own: time passes as fast as everything is done. */
export class Company {
  #application: INestApplicationContext | undefined;
  #last = -1n;

  constructor(
    private readonly configuration: ApplicationConfiguration,
    private readonly clock: VirtualClock,
  ) {}

  async open(): Promise<void> {
    const application = await createApplication(this.configuration, this.clock);
    await application.init();
    this.#application = application;
  }

  async close(): Promise<void> {
    await this.#application?.close();
    this.#application = undefined;
  }

  /** Lets time pass, from deadline to deadline. */
  async until(moment: string): Promise<void> {
    for (let next = await this.#settled(); next !== undefined && next <= moment; next = await this.#settled())
      this.clock.advanceTo(next);
    this.clock.advanceTo(moment);
    await this.#settled();
  }

  /** False when a rule says no. */
  async send(command: Command, actorId: string): Promise<boolean> {
    try {
      const issue = { commandId: randomUUID(), actor: { id: actorId, kind: 'human' as const } };
      const { position } = await this.#get(CommandBus).execute<Command, CommandResult>(command.issuedBy(issue));
      if (position !== null && position > this.#last) this.#last = position;
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }

  /** Everything that has happened, in the order of the log. */
  async history(): Promise<readonly RecordedEvent[]> {
    const enough = new AbortController();
    const events: RecordedEvent[] = [];
    for await (const delivery of this.#get(RecordedEvents).subscribe('start', enough.signal)) {
      if ('unreadable' in delivery) throw delivery.unreadable.error;
      if ('event' in delivery) events.push(delivery.event);
      if ('caughtUp' in delivery) enough.abort();
    }
    return events;
  }

  /** When everything due now is done; tells the next deadline. */
  async #settled(): Promise<string | undefined> {
    await this.#runner.settled(this.#last);
    return this.#runner.status().nextDeadline;
  }

  get #runner(): PolicyRunner {
    const { runner } = this.#get(Policies);
    if (runner === undefined) throw new Error('The company runs its policies');
    return runner;
  }

  #get<T>(token: abstract new (...needs: never[]) => T): T {
    if (this.#application === undefined) throw new Error('The company is closed');
    return this.#application.get(token, { strict: false });
  }
}
