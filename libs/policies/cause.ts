import { v5 } from 'uuid';
import type { Recorded } from '#kernel';

const NAMESPACE = '6d1f3b52-8f7e-5c0a-9d55-2f0c9a4be611';

/** What a policy reacts to: commands get their ids from it, and the events behind them their causation. */
export interface Cause {
  readonly policy: string;
  readonly id: string;
  /** The event itself, or the one that set the deadline. */
  readonly eventId: string;
  readonly correlationId: string;
}

export const causedBy = (policy: string, { eventId, correlationId }: Recorded): Cause => ({
  policy,
  id: eventId,
  eventId,
  correlationId,
});

/** The coming of a deadline: the same one makes the same id, another one under the same key never does. */
export const firingId = (policy: string, key: string, cause: string, dueAt: string): string =>
  v5(['due', policy, key, cause, dueAt].join('/'), NAMESPACE);

/** The id of the n-th command of a class that a policy gives because of one cause. */
export const commandIdOf = ({ policy, id }: Cause, command: string, nth: number): string =>
  v5(['command', policy, id, command, nth].join('/'), NAMESPACE);
