import { Global, Module } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { attribute } from '#crm';
import { localDay } from '#crm/days';
import { TakeNumbers } from '#crm/organisation/numbers/numbers.commands';
import { blockAt } from '#crm/organisation/numbers/numbers.decider';
import {
  AggregateStore,
  Codec,
  CommandLoop,
  EventStore,
  NumberBlocks,
  type Numbers,
  PostgresSubjectKeys,
  Preparer,
  RecordedEvents,
} from '#event-store';
import type { Clock } from '#kernel';
import type { ApplicationConfiguration } from './configuration.js';
import { MeasuredCommandLoop } from './metrics/measured-command-loop.js';
import { Metrics } from './metrics/metrics.js';
import { codecOf, recordedEvents } from './recorded-events.js';
import { CLOCK, CONFIGURATION } from './tokens.js';

/** Folded streams kept warm, and command ids remembered of each. */
const CACHED_STREAMS = 20_000;
const REMEMBERED_COMMANDS = 100;

/** Days are those of the reports. */
const numbersBy = (bus: CommandBus, { reportingZone }: ApplicationConfiguration): Numbers =>
  new NumberBlocks({
    takeBlock: async (seriesOfDay) => blockAt((await bus.execute(TakeNumbers.of({ seriesOfDay }))).revision),
    dayOf: (moment) => localDay(moment, reportingZone).replaceAll('-', ''),
  });

/** The one command loop and what it stands on. */
@Global()
@Module({
  providers: [
    {
      provide: Codec,
      inject: [CONFIGURATION, PostgresSubjectKeys],
      useFactory: ({ namespace }: ApplicationConfiguration, keys: PostgresSubjectKeys) => codecOf(namespace, keys),
    },
    {
      provide: AggregateStore,
      inject: [EventStore, Codec, PostgresSubjectKeys],
      useFactory: (store: EventStore, codec: Codec, keys: PostgresSubjectKeys) => {
        const options = { cachedStreams: CACHED_STREAMS, rememberedCommands: REMEMBERED_COMMANDS };
        const aggregates = new AggregateStore(store, codec, options);
        keys.whenForgetting(() => {
          aggregates.clear();
        });
        return aggregates;
      },
    },
    {
      provide: Preparer,
      inject: [CommandBus, PostgresSubjectKeys, CONFIGURATION],
      useFactory: async (bus: CommandBus, keys: PostgresSubjectKeys, configuration: ApplicationConfiguration) =>
        new Preparer({
          send: (command) => bus.execute(command),
          numbers: numbersBy(bus, configuration),
          fingerprintKey: await keys.own('fingerprint'),
        }),
    },
    {
      provide: CommandLoop,
      inject: [EventStore, Codec, AggregateStore, Preparer, PostgresSubjectKeys, Metrics, CLOCK],
      useFactory: async (
        store: EventStore,
        codec: Codec,
        aggregates: AggregateStore,
        preparer: Preparer,
        keys: PostgresSubjectKeys,
        metrics: Metrics,
        clock: Clock,
      ) =>
        new MeasuredCommandLoop(metrics, {
          store,
          codec,
          aggregates,
          clock,
          attribute,
          preparer,
          hashKey: (await keys.own('command-hash')).toString('base64'),
          tries: 10,
          factsMaxAge: 1_000,
        }),
    },
    {
      provide: RecordedEvents,
      inject: [EventStore, Codec],
      useFactory: recordedEvents,
    },
  ],
  exports: [AggregateStore, CommandLoop, Codec, RecordedEvents],
})
export class CommandLoopModule {}
