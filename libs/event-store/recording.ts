import type { CommandClasses, Decider, Envelope, Event, RecordedEvent } from '#kernel';
import { evolve } from '#kernel';
import type { Outgoing } from './codec.js';
import type { Command, Issue } from './command.js';
import type { Appended } from './event-store.js';
import { InvalidCommand } from './failures.js';

/** Business time: the command's own when an import or a simulation sets it, else now. @throws InvalidCommand */
export function occurredAt(command: Command, { actor }: Issue, now: string): string {
  if (command.occurredAt === undefined) return now;
  const moment = new Date(command.occurredAt).toISOString();
  const problem =
    actor.kind !== 'import' && actor.kind !== 'simulation'
      ? 'only imports and simulations may set it'
      : moment > now
        ? 'must not lie in the future'
        : undefined;
  if (problem !== undefined) throw new InvalidCommand(command.constructor.name, [{ field: 'occurredAt', problem }]);
  return moment;
}

/** The envelope that all events of one command share. */
export const envelopeOf = (command: Command, issue: Issue, hash: string, now: string): Envelope => ({
  occurredAt: occurredAt(command, issue, now),
  recordedAt: now,
  actor: issue.actor,
  onBehalfOf: issue.onBehalfOf,
  reason: command.reason && { code: command.reason.code, text: command.reason.text },
  commandId: issue.commandId,
  commandHash: hash,
  correlationId: issue.correlationId ?? issue.commandId,
  causationId: issue.causationId ?? issue.commandId,
  schemaVersion: 1,
});

/** Events as they will be read back, the last of them where the store put it. */
export function recordedAs(
  stream: string,
  outgoing: readonly Outgoing[],
  { revision, position }: Appended,
): RecordedEvent[] {
  return outgoing.map(({ eventId, event, envelope }, index) => ({
    ...envelope,
    ...event,
    eventId,
    stream,
    streamId: stream.slice(stream.indexOf('-') + 1),
    revision: revision - BigInt(outgoing.length - 1 - index),
    position,
  }));
}

/** Who gets the credit: the owner after the events, or before them where they end the ownership. */
export function ownerOf<State, E extends Event, C extends CommandClasses, Facts>(
  decider: Decider<State, E, C, Facts>,
  state: State,
  events: readonly RecordedEvent[],
): string | undefined {
  if (decider.ownerOf === undefined) return undefined;
  const after = events.reduce((folded, event) => evolve(decider, folded, event), state);
  return decider.ownerOf(after) ?? decider.ownerOf(state);
}
