/** Who did it. Captured by value, so that history survives the person's leaving. */
export interface Actor {
  readonly id: string;
  readonly kind: 'human' | 'system' | 'import' | 'integration' | 'simulation';
  readonly displayName?: string;
}

/** Why it was done: a stable code, and free text for people (sealed when stored). */
export interface Reason {
  readonly code: string;
  readonly text?: string;
}

/** The owner of the record and the tree above them as it stood when the event happened: credit never moves. */
export interface OrgAtEvent {
  readonly ownerId: string;
  readonly unitId?: string;
  /** The direct manager first, the head of the company last. */
  readonly managerPath: readonly string[];
}

/** What every event carries beside its data (model.md §4.0). Instants are ISO 8601 in UTC. */
export interface Envelope {
  /** When it happened in the business; back-dated by imports and simulations only. */
  readonly occurredAt: string;
  /** When we learned it. */
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly onBehalfOf?: string;
  readonly reason?: Reason;
  readonly commandId: string;
  readonly commandHash: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly orgAtEvent?: OrgAtEvent;
  readonly schemaVersion: number;
}
