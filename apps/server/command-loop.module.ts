import { Global, Module } from '@nestjs/common';
import { aggregates, attribute } from '#crm';
import type { EventSchema } from '#kernel';
import { AggregateStore, Codec, CommandLoop, EventStore, PostgresSubjectKeys, RecordedEvents } from '#event-store';
import { schemasOf } from '#read-store';
import type { ApplicationConfiguration } from './configuration.js';
import { systemClock } from './system-clock.js';
import { CONFIGURATION } from './tokens.js';

/** Folded streams kept warm, and command ids remembered of each. */
const CACHED_STREAMS = 20_000;
const REMEMBERED_COMMANDS = 1_000;

const schemas: Readonly<Record<string, EventSchema>> = Object.fromEntries(
  aggregates.flatMap(({ decider }) => Object.entries(decider.events)),
);

/** The one command loop and what it stands on. */
@Global()
@Module({
  providers: [
    {
      provide: Codec,
      inject: [CONFIGURATION, PostgresSubjectKeys],
      useFactory: ({ namespace }: ApplicationConfiguration, keys: PostgresSubjectKeys) =>
        new Codec(schemas, keys, schemasOf(namespace).prefix),
    },
    {
      provide: CommandLoop,
      inject: [EventStore, Codec, PostgresSubjectKeys],
      useFactory: async (store: EventStore, codec: Codec, keys: PostgresSubjectKeys) =>
        new CommandLoop({
          store,
          codec,
          aggregates: new AggregateStore(store, codec, {
            cachedStreams: CACHED_STREAMS,
            rememberedCommands: REMEMBERED_COMMANDS,
          }),
          clock: systemClock,
          attribute,
          hashKey: await keys.own('command-hash'),
          tries: 10,
          factsMaxAge: 1_000,
        }),
    },
    {
      provide: RecordedEvents,
      inject: [EventStore, Codec],
      useFactory: (store: EventStore, codec: Codec) =>
        new RecordedEvents(
          store,
          codec,
          aggregates.map(({ decider }) => decider.name),
        ),
    },
  ],
  exports: [CommandLoop, Codec, RecordedEvents],
})
export class CommandLoopModule {}
