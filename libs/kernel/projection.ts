import type { Event } from './event.js';
import type { RecordedEvent } from './recorded-event.js';
import type { PersonalColumns, RowChange } from './row-change.js';

/** A question the business asks, answered from events: each event becomes row changes. Pure. */
export interface Projection<E extends Event = Event> {
  /** Lower-case with underscores; part of the name of its tables' schema. */
  readonly name: string;
  /** The DDL of its tables (`schema.sql`), unqualified; the runner creates it in a schema of its own version. */
  readonly schema: string;
  /** Functions and views over its tables (`analytics.sql`), unqualified; they go to the schema `analytics`. */
  readonly analytics?: string;
  /** The columns that hold what tells of a person, and whose: erased when the key of that person is destroyed. */
  readonly personal?: readonly PersonalColumns[];
  /** Raised whenever `on` gives other rows for the same events; other tables, events or personal columns count by themselves. */
  readonly version?: number;
  readonly on: { readonly [Type in E['type']]?: (event: RecordedEvent<E, Type>) => readonly RowChange[] };
}

/** A projection whose event types are its own business: what the runner works on. */
export interface AnyProjection {
  readonly name: string;
  readonly schema: string;
  readonly analytics?: string;
  readonly personal?: readonly PersonalColumns[];
  readonly version?: number;
  readonly on: Readonly<Record<string, ((event: never) => readonly RowChange[]) | undefined>>;
}

/** The row changes that one event means to a projection; none when it does not listen to it. */
export function changesOf(projection: AnyProjection, event: RecordedEvent): readonly RowChange[] {
  const on = projection.on[event.type];
  // The table is keyed by event type, so the entry under this type takes exactly this event.
  return on === undefined ? [] : on(event as never);
}
