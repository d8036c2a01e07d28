import { Logger } from '@nestjs/common';
import { aggregates } from '#crm';
import { Codec, type EventStore, RecordedEvents, type SubjectKeys } from '#event-store';
import type { EventSchema } from '#kernel';
import { schemasOf } from '#read-store';

const eventSchemas: Readonly<Record<string, EventSchema>> = Object.fromEntries(
  aggregates.flatMap(({ decider }) => Object.entries(decider.events)),
);

const logger = new Logger('Codec');

/** Between the events of all aggregates and what is stored of them under this namespace. */
export const codecOf = (namespace: string, keys: SubjectKeys): Codec =>
  new Codec(eventSchemas, keys, schemasOf(namespace).prefix, (type) => {
    logger.warn(`Events of type ${type} are passed by and counted: this release does not know them`);
  });

/** The log of all aggregates, decoded. */
export const recordedEvents = (store: EventStore, codec: Codec): RecordedEvents =>
  new RecordedEvents(
    store,
    codec,
    aggregates.map(({ decider }) => decider.name),
  );
