import {
  CommandLoop,
  ConcurrentWrite,
  EventStoreUnavailable,
  InvalidCommand,
  RevisionMismatch,
  type Command,
  type CommandLoopOptions,
  type CommandResult,
  type Commands,
  type Definition,
} from '#event-store';
import { Refusal, type AnyCommand, type Event } from '#kernel';
import type { Metrics } from './metrics.js';

/** The command loop, with its commands counted and timed, whoever sends them. */
export class MeasuredCommandLoop extends CommandLoop {
  constructor(
    private readonly metrics: Metrics,
    options: CommandLoopOptions,
  ) {
    super(options);
  }

  override async run<State, E extends Event, C extends Commands>(
    definition: Definition<State, E, C, object>,
    command: AnyCommand<C> & Command,
  ): Promise<CommandResult> {
    const { name } = command.constructor;
    const cameAt = performance.now();
    try {
      const result = await super.run(definition, command);
      this.count(name, result.duplicate ? 'repeated' : result.events.length > 0 ? 'done' : 'nothing to do');
      return result;
    } catch (error) {
      this.count(name, failureOf(error));
      throw error;
    } finally {
      this.metrics.commandSeconds.observe({ command: name }, (performance.now() - cameAt) / 1_000);
    }
  }

  private count(command: string, outcome: string): void {
    this.metrics.commands.inc({ command, outcome });
  }
}

function failureOf(error: unknown): string {
  if (error instanceof InvalidCommand) return 'invalid';
  if (error instanceof Refusal) return 'refused';
  if (error instanceof ConcurrentWrite || error instanceof RevisionMismatch) return 'conflict';
  return error instanceof EventStoreUnavailable ? 'unavailable' : 'failed';
}
