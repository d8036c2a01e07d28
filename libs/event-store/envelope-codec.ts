import type { Envelope, Field, Shape } from '#kernel';
import { code, ERASED, id, instant, integer, list, oneOf, optional, record, text } from '#kernel';
import { isSealed, seal, unseal } from './privacy/seal.js';

type Keys = ReadonlyMap<string, Buffer>;

/** The metadata of a stored event once it is unsealed. */
export const envelopeShape: Shape = {
  occurredAt: instant,
  recordedAt: instant,
  actor: record({
    id,
    kind: oneOf('human', 'system', 'import', 'integration', 'simulation'),
    displayName: optional(text),
  }),
  onBehalfOf: optional(id),
  reason: optional(record({ code, text: optional(text) })),
  commandId: id,
  commandHash: code,
  $correlationId: id,
  $causationId: id,
  orgAtEvent: optional(record({ ownerId: id, unitId: optional(id), managerPath: list(id) })),
  schemaVersion: integer,
  subjects: optional<readonly string[]>(list(text)),
} satisfies Record<string, Field<unknown>>;

/** Whose personal data an envelope carries: the actor's name, and what the reason tells of the record's subject. */
export function envelopeSubjects({ actor, reason }: Envelope, stream: string): readonly string[] {
  return [
    ...(actor.displayName === undefined ? [] : [actorSubject(actor.id)]),
    ...(reason?.text === undefined ? [] : [streamSubject(stream)]),
  ];
}

/** The metadata to store: EventStoreDB's own names for correlation and causation, personal text sealed. */
export function sealEnvelope(envelope: Envelope, stream: string, keys: Keys, eventId: string): Record<string, unknown> {
  const { correlationId, causationId, actor, reason, ...rest } = envelope;
  const sealed = (value: string | undefined, subject: string) => {
    const key = keys.get(subject);
    return value === undefined || key === undefined ? undefined : seal(value, subject, key, eventId);
  };
  return {
    ...rest,
    actor: { ...actor, displayName: sealed(actor.displayName, actorSubject(actor.id)) },
    ...(reason && { reason: { ...reason, text: sealed(reason.text, streamSubject(stream)) } }),
    $correlationId: correlationId,
    $causationId: causationId,
  };
}

/** The metadata with its personal text opened, or erased. */
export function unsealMetadata(value: unknown, keys: Keys, eventId: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSealed(value)) {
    const key = keys.get(value.subject);
    return key === undefined ? ERASED : unseal(value, key, eventId);
  }
  if (Array.isArray(value)) return value.map((entry) => unsealMetadata(entry, keys, eventId));
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, unsealMetadata(entry, keys, eventId)]));
}

const actorSubject = (actorId: string) => `actor:${actorId}`;

/** The record that a stream tells of: `lead-3f2c…` is about `lead:3f2c…`. */
const streamSubject = (stream: string) => stream.replace('-', ':');
