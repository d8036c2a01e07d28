import type { CommandResult } from '#event-store';

/** What a command answers over HTTP: the same for every attempt under one id. */
export interface CommandReply {
  readonly stream: string;
  readonly revision: number;
  /** Where its last event lies in the log, for `?after=`; text, because it outgrows JSON numbers. */
  readonly position: string | null;
  readonly events: readonly string[];
  /** Numbers that the record was given, by field: `{ leadNumber: 'L-20261121-000123' }`. */
  readonly numbers?: Readonly<Record<string, string>>;
}

export const replyOf = ({ stream, revision, position, events, numbers }: CommandResult): CommandReply => ({
  stream,
  revision: Number(revision),
  position: position === null ? null : String(position),
  events,
  ...(numbers && { numbers }),
});
