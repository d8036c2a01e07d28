import {
  Command,
  ConcurrentWrite,
  EventStoreMisconfigured,
  EventStoreUnavailable,
  InvalidCommand,
  type CommandResult,
} from '#event-store';
import { Refusal, type AnyPolicy, type Clock, type Reaction } from '#kernel';
import { Backoff } from '#read-store';
import { commandIdOf, type Cause } from './cause.js';
import type { DeadlineChange } from './deadlines.js';

/** What became of one command: `done`, `nothing to do`, or the code of the refusal. */
export interface Outcome {
  readonly cause: Cause;
  readonly command: string;
  readonly outcome: string;
}

/** What a policy did because of one cause, and what is to be written for it. */
export interface Reacted {
  readonly changes: readonly DeadlineChange[];
  readonly outcomes: readonly Outcome[];
  /** Set when the policy failed: trying again does not help. */
  readonly failure?: Error;
}

export interface ReactorOptions {
  readonly clock: Clock;
  /** Sends a command to its handler. */
  readonly send: (command: Command) => Promise<CommandResult>;
  /** Told where the events of a command came to lie. */
  readonly sent: (position: bigint) => void;
}

/** How often something is tried again that should not fail. */
const TRIES = 8;

/** Carries out what policies want done: sends their commands and notes which deadlines change. */
export class Reactor {
  constructor(
    private readonly options: ReactorOptions,
    private readonly stopped: AbortSignal,
    private readonly newBackoff: () => Pick<Backoff, 'wait'> = () => new Backoff(),
  ) {}

  /** Never fails but when stopped: what a policy cannot do is told in the result. */
  async react<Facts>(
    policy: AnyPolicy,
    cause: Cause,
    lookUp: () => Promise<Facts>,
    decide: (facts: Facts) => readonly Reaction[],
  ): Promise<Reacted> {
    const changes: DeadlineChange[] = [];
    const outcomes: Outcome[] = [];
    const given = new Map<string, number>();
    try {
      const reactions = [...decide(await this.patiently(lookUp))];
      for (const reaction of reactions) {
        if (reaction.kind !== 'send') {
          changes.push({ ...reaction, cause, at: this.options.clock.now() });
          continue;
        }
        const { command } = reaction;
        const name = command.constructor.name;
        const nth = given.get(name) ?? 0;
        given.set(name, nth + 1);
        const answer = await this.patiently(() => this.send(command, cause, nth));
        outcomes.push({ cause, command: name, outcome: outcomeOf(answer) });
        if (answer instanceof Refusal) {
          const { code, details } = answer;
          const refused = { command, code, details, now: this.options.clock.now() };
          reactions.push(...(policy.refused?.[name]?.(refused) ?? []));
        } else if (answer.position !== null) this.options.sent(answer.position);
      }
      return { changes, outcomes };
    } catch (error) {
      this.stopped.throwIfAborted();
      return { changes: [], outcomes, failure: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  private async send(command: object, cause: Cause, nth: number): Promise<CommandResult | Refusal> {
    const name = command.constructor.name;
    if (!(command instanceof Command)) throw new TypeError(`${cause.policy} sends ${name}, which is not a command`);
    const { eventId: causationId, correlationId, policy } = cause;
    const commandId = commandIdOf(cause, name, nth);
    try {
      return await this.options.send(
        command.issuedBy({ commandId, actor: { id: policy, kind: 'system' }, correlationId, causationId }),
      );
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** What may pass is tried again for as long as it takes; what should not happen, a number of times. */
  private async patiently<T>(work: () => Promise<T>): Promise<T> {
    const backoff = this.newBackoff();
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (isFaultOfPolicy(error) || (!mayPass(error) && attempt === TRIES)) throw error;
        await backoff.wait(this.stopped);
        this.stopped.throwIfAborted();
      }
    }
  }
}

/** A store that only a person can mend is waited for as well: nothing is wrong with the policy or the event. */
const mayPass = (error: unknown) =>
  error instanceof EventStoreUnavailable ||
  error instanceof EventStoreMisconfigured ||
  error instanceof ConcurrentWrite;
const isFaultOfPolicy = (error: unknown) =>
  error instanceof InvalidCommand || error instanceof TypeError || error instanceof RangeError;

const outcomeOf = (answer: CommandResult | Refusal): string => {
  if (answer instanceof Refusal) return answer.code;
  return answer.events.length === 0 ? 'nothing to do' : 'done';
};
