import type { Recorded } from '#kernel';

/** When a fact happened, when we learned it, and which event says so. */
export type Fact = Readonly<{ occurred_at: string; recorded_at: string; position: bigint; event_id: string }>;

/** The beginning of an interval. */
export type Entered = Readonly<{
  entered_at: string;
  entered_recorded_at: string;
  entered_position: bigint;
  entered_event_id: string;
}>;

/** The end of an interval; all null while it is open. */
export type Exited = Readonly<{
  exited_at: string | null;
  exited_recorded_at: string | null;
  exited_position: bigint | null;
  exited_event_id: string | null;
}>;

/** The event that took a fact back; all null while it counts. */
export type Voided = Readonly<{
  voided_at: string | null;
  voided_recorded_at: string | null;
  voided_position: bigint | null;
  voided_event_id: string | null;
}>;

/** Whether anybody said when it happened: an import that names no day is recorded as of now. */
export const isDayKnown = ({ actor, occurredAt, recordedAt }: Recorded): boolean =>
  actor.kind !== 'import' || occurredAt !== recordedAt;

/** Who gets the credit, with unit and managers (direct one first) as they stood at the event. */
export type Credit = Readonly<{ owner_id: string | null; unit_id: string | null; manager_path: readonly string[] }>;

export const factOf = ({ occurredAt, recordedAt, position, eventId }: Recorded): Fact => ({
  occurred_at: occurredAt,
  recorded_at: recordedAt,
  position: position.commit,
  event_id: eventId,
});

export const enteredBy = ({ occurredAt, recordedAt, position, eventId }: Recorded): Entered => ({
  entered_at: occurredAt,
  entered_recorded_at: recordedAt,
  entered_position: position.commit,
  entered_event_id: eventId,
});

export const exitedBy = ({ occurredAt, recordedAt, position, eventId }: Recorded): Exited => ({
  exited_at: occurredAt,
  exited_recorded_at: recordedAt,
  exited_position: position.commit,
  exited_event_id: eventId,
});

export const voidedBy = ({ occurredAt, recordedAt, position, eventId }: Recorded): Voided => ({
  voided_at: occurredAt,
  voided_recorded_at: recordedAt,
  voided_position: position.commit,
  voided_event_id: eventId,
});

export const stillOpen: Exited = {
  exited_at: null,
  exited_recorded_at: null,
  exited_position: null,
  exited_event_id: null,
};

export const notVoided: Voided = {
  voided_at: null,
  voided_recorded_at: null,
  voided_position: null,
  voided_event_id: null,
};

/** The credit that the event froze; unit and managers stay unknown when it froze them for somebody else than `ownerId`. */
export function creditOf({ orgAtEvent }: Recorded, ownerId = orgAtEvent?.ownerId): Credit {
  const frozen = orgAtEvent?.ownerId === ownerId ? orgAtEvent : undefined;
  return { owner_id: ownerId ?? null, unit_id: frozen?.unitId ?? null, manager_path: frozen?.managerPath ?? [] };
}
