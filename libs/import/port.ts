import type { Fields } from './row.js';

/** What became of a command. */
export interface CommandOutcome {
  /** `differing`: the same command id came before with other content. `invalid`: the shape is wrong. */
  readonly outcome: 'accepted' | 'duplicate' | 'differing' | 'refused' | 'invalid';
  /** How many events it appended now. */
  readonly events: number;
  /** Where the last event of its stream lies in the log, where the port can tell. */
  readonly position?: bigint;
  readonly code?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface CommandIssue {
  readonly commandId: string;
  readonly occurredAt?: string;
  readonly reason?: { readonly code: string; readonly text?: string };
}

/** Takes commands; rejects only when nothing can be sent any more. */
export interface CommandPort {
  send(name: string, fields: Fields, issue: CommandIssue): Promise<CommandOutcome>;
}

/** One command of a row, ready to be sent. */
export interface PreparedCommand {
  readonly name: string;
  readonly fields: Fields;
  readonly issue: CommandIssue;
  /** The id of the aggregate it is for. */
  readonly target: string;
}
