import { aggregates } from '#crm';
import { Codec, type EventStore, RecordedEvents, type SubjectKeys } from '#event-store';
import type { EventSchema } from '#kernel';
import { schemasOf } from '#read-store';

const eventSchemas: Readonly<Record<string, EventSchema>> = Object.fromEntries(
  aggregates.flatMap(({ decider }) => Object.entries(decider.events)),
);

/** Between the events of all aggregates and what is stored of them under this namespace. */
export const codecOf = (namespace: string, keys: SubjectKeys): Codec =>
  new Codec(eventSchemas, keys, schemasOf(namespace).prefix);

/** The log of all aggregates, decoded. */
export const recordedEvents = (store: EventStore, codec: Codec): RecordedEvents =>
  new RecordedEvents(
    store,
    codec,
    aggregates.map(({ decider }) => decider.name),
  );
