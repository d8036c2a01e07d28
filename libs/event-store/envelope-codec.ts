import type { DataOfShape, Envelope, RecordedEvent, Shape } from '#kernel';
import { code, ERASED, id, instant, integer, list, oneOf, optional, record, text } from '#kernel';
import { isSealed, seal, unseal } from './privacy/seal.js';
import { isRecord } from './privacy/sealed-fields.js';

type Keys = ReadonlyMap<string, Buffer>;

/** The metadata of a stored event once it is unsealed. */
export const envelopeShape = {
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
} satisfies Shape;

/** Whose personal data an envelope carries: the actor's name, and what the reason tells of the record's subject. */
export function addEnvelopeSubjects({ actor, reason }: Envelope, stream: string, to: Set<string>): void {
  if (actor.displayName !== undefined) to.add(actorSubject(actor.id));
  if (reason?.text !== undefined) to.add(streamSubject(stream));
}

/** What the metadata of an event is sealed with. */
interface Sealing {
  readonly subjects: readonly string[];
  readonly keys: Keys;
  readonly eventId: string;
}

/** EventStoreDB's own names stand for correlation and causation. */
type Metadata = Readonly<
  Record<Exclude<keyof Envelope, 'correlationId' | 'causationId'> | '$correlationId' | '$causationId', unknown>
> & { readonly subjects: readonly string[] };

/** The metadata to store, its personal text sealed. (Field by field: a spread takes as long as all the rest.) */
export function sealEnvelope(envelope: Envelope, stream: string, { subjects, keys, eventId }: Sealing): Metadata {
  const { actor, reason } = envelope;
  const sealed = (value: string | undefined, subject: string) => {
    const key = value === undefined ? undefined : keys.get(subject);
    return key === undefined ? undefined : seal(value, subject, key, eventId);
  };
  return {
    occurredAt: envelope.occurredAt,
    recordedAt: envelope.recordedAt,
    actor: { id: actor.id, kind: actor.kind, displayName: sealed(actor.displayName, actorSubject(actor.id)) },
    onBehalfOf: envelope.onBehalfOf,
    reason: reason && { code: reason.code, text: sealed(reason.text, streamSubject(stream)) },
    commandId: envelope.commandId,
    commandHash: envelope.commandHash,
    $correlationId: envelope.correlationId,
    $causationId: envelope.causationId,
    orgAtEvent: envelope.orgAtEvent,
    schemaVersion: envelope.schemaVersion,
    subjects,
  };
}

/** The metadata with its personal text opened, or erased; where nothing is sealed, the value itself. */
export function unsealMetadata(value: unknown, keys: Keys, eventId: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSealed(value)) {
    const key = keys.get(value.subject);
    return key === undefined ? ERASED : unseal(value, key, eventId);
  }
  if (Array.isArray(value)) return value.map((entry) => unsealMetadata(entry, keys, eventId));
  if (!isRecord(value)) return value;
  let open: Record<string, unknown> | undefined;
  for (const name in value) {
    const opened = unsealMetadata(value[name], keys, eventId);
    if (opened !== value[name]) (open ??= { ...value })[name] = opened;
  }
  return open ?? value;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The event at this place with its envelope as the domain names it. (Field by field here, too.) */
export function withEnvelope(
  metadata: unknown,
  place: Omit<RecordedEvent, keyof Envelope | 'erases'>,
  erases: RecordedEvent['erases'],
): RecordedEvent {
  // It was just checked, field by field, against this shape.
  const checked = metadata as DataOfShape<typeof envelopeShape>;
  const { onBehalfOf, reason, orgAtEvent } = checked;
  const event: Mutable<RecordedEvent> = {
    eventId: place.eventId,
    type: place.type,
    data: place.data,
    stream: place.stream,
    streamId: place.streamId,
    revision: place.revision,
    position: place.position,
    occurredAt: checked.occurredAt,
    recordedAt: checked.recordedAt,
    actor: checked.actor,
    commandId: checked.commandId,
    commandHash: checked.commandHash,
    correlationId: checked.$correlationId,
    causationId: checked.$causationId,
    schemaVersion: checked.schemaVersion,
  };
  if (erases !== undefined) event.erases = erases;
  if (onBehalfOf !== undefined) event.onBehalfOf = onBehalfOf;
  if (reason !== undefined) event.reason = reason;
  if (orgAtEvent !== undefined) event.orgAtEvent = orgAtEvent;
  return event;
}

const actorSubject = (actorId: string) => `actor:${actorId}`;

/** The record that a stream tells of: `lead-3f2c…` is about `lead:3f2c…`. */
const streamSubject = (stream: string) => stream.replace('-', ':');
