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

  override run<State, E extends Event, C extends Commands>(
    definition: Definition<State, E, C, object>,
    command: AnyCommand<C> & Command,
  ): Promise<CommandResult> {
    const { name } = command.constructor;
    const cameAt = performance.now();
    const running = super.run(definition, command);
    // Beside the answer, not on its way.
    running.then(
      (result) => {
        this.count(name, outcomeOf(result), cameAt);
      },
      (error: unknown) => {
        this.count(name, failureOf(error), cameAt);
      },
    );
    return running;
  }

  private count(command: string, outcome: string, cameAt: number): void {
    this.metrics.commands.inc({ command, outcome });
    this.metrics.commandSeconds.observe({ command }, (performance.now() - cameAt) / 1_000);
  }
}

function outcomeOf({ duplicate, events }: CommandResult): string {
  if (duplicate) return 'repeated';
  return events.length > 0 ? 'done' : 'nothing to do';
}

function failureOf(error: unknown): string {
  if (error instanceof InvalidCommand) return 'invalid';
  if (error instanceof Refusal) return 'refused';
  if (error instanceof ConcurrentWrite || error instanceof RevisionMismatch) return 'conflict';
  return error instanceof EventStoreUnavailable ? 'unavailable' : 'failed';
}
