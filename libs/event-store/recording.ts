import type { CommandClasses, Decider, Envelope, Event, Occurrence, OrgAtEvent } from '#kernel';
import { evolve } from '#kernel';
import type { Outgoing } from './codec.js';
import type { Command, Issue } from './command.js';
import { eventIdOf } from './event-ids.js';
import type { ExpectedRevision } from './event-store.js';
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

/** The envelope that all events of one decision share; whose credit they are is not known yet. */
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
  orgAtEvent: undefined,
  schemaVersion: 1,
});

/** A decided event as far as its state may know it; where the store will put it, nobody knows yet. */
export interface Decided extends Event, Occurrence {
  readonly schemaVersion: number;
}

/** The events of a decision, and the state that they make. */
export interface Recording<State> {
  readonly events: readonly Decided[];
  readonly state: State;
}

/** Folds what was decided before it is written, so that it is folded once. */
export function record<State, E extends Event, C extends CommandClasses, Facts>(
  decider: Decider<State, E, C, Facts>,
  stream: string,
  before: { readonly state: State; readonly revision: ExpectedRevision },
  decided: readonly E[],
  envelope: Envelope,
): Recording<State> {
  const { commandId, occurredAt, recordedAt, actor } = envelope;
  let { state } = before;
  let revision = before.revision === 'no_stream' ? -1n : before.revision;
  const events = decided.map(({ type, data }, index): Decided => {
    const eventId = eventIdOf(commandId, stream, recordedAt, index);
    const { version: schemaVersion } = decider.events[type as E['type']];
    const event = { type, data, schemaVersion, eventId, revision: ++revision, occurredAt, recordedAt, actor };
    state = evolve(decider, state, event);
    return event;
  });
  return { events, state };
}

/** What is handed to the codec: fact and envelope apart. */
export const outgoing = (
  { eventId, type, data, schemaVersion }: Decided,
  shared: Envelope,
  orgAtEvent: OrgAtEvent | undefined,
): Outgoing => ({ eventId, event: { type, data }, envelope: { ...shared, schemaVersion, orgAtEvent } });
