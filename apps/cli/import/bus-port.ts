import { setTimeout as delay } from 'node:timers/promises';
import type { CommandBus } from '@nestjs/cqrs';
import type { CommandIssue, CommandOutcome, CommandPort, Fields } from '#import';
import type { Actor } from '#kernel';
import { commandFrom } from '../../server/commands/command-catalogue.js';
import { problemOf } from '../../server/problem.js';
import { MAY_PASS, outcomeOf } from './answer.js';

const PAUSE_MS = 500;

/** Commands go straight to the handlers of this process. */
export class BusPort implements CommandPort {
  constructor(
    private readonly bus: Pick<CommandBus, 'execute'>,
    private readonly actor: Actor,
    /** For how long a command is tried anew that may pass later. */
    private readonly patienceMs = 30_000,
  ) {}

  async send(name: string, fields: Fields, { commandId, occurredAt, reason }: CommandIssue): Promise<CommandOutcome> {
    const giveUpAt = performance.now() + this.patienceMs;
    for (;;) {
      try {
        const command = commandFrom(name, { ...fields, occurredAt, reason });
        const { duplicate, events, position } = await this.bus.execute(
          command.issuedBy({ commandId, actor: this.actor }),
        );
        return {
          outcome: duplicate ? 'duplicate' : 'accepted',
          events: duplicate ? 0 : events.length,
          position: position ?? undefined,
        };
      } catch (error) {
        const problem = problemOf(error);
        if (!MAY_PASS.has(problem.code)) return outcomeOf(problem);
        if (performance.now() > giveUpAt) throw error;
        await delay(PAUSE_MS);
      }
    }
  }
}
