import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Global, Inject, Logger, Module } from '@nestjs/common';
import type { Pool } from 'pg';
import { EventStore, PostgresSubjectKeys, SubjectKeys } from '#event-store';
import type { Alarm } from '#kernel';
import { createPool, schemasOf } from '#read-store';
import type { ApplicationConfiguration } from './configuration.js';
import { MeasuredEventStore } from './metrics/measured-event-store.js';
import { Metrics } from './metrics/metrics.js';
import { CLOCK, CONFIGURATION, POOL } from './tokens.js';

/** The connections of the process: the event store, Postgres, and the keys that lie there. */
@Global()
@Module({})
export class StoresModule implements OnApplicationShutdown {
  constructor(
    @Inject(EventStore) private readonly events: EventStore,
    @Inject(POOL) private readonly pool: Pool,
    @Inject(PostgresSubjectKeys) private readonly keys: PostgresSubjectKeys,
  ) {}

  static with(configuration: ApplicationConfiguration, clock: Alarm): DynamicModule {
    const { stores, namespace, openedMasterKeys } = configuration;
    const pool = createPool(stores.databaseUrl, { namespace });
    return {
      module: StoresModule,
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: CLOCK, useValue: clock },
        { provide: POOL, useValue: pool },
        Metrics,
        {
          provide: EventStore,
          inject: [Metrics],
          useFactory: (metrics: Metrics) =>
            new MeasuredEventStore(metrics, stores.eventStoreUrl, { log: new Logger('EventStore') }),
        },
        {
          provide: PostgresSubjectKeys,
          useFactory: async () => {
            const keys = new PostgresSubjectKeys(pool, schemasOf(namespace).keys, openedMasterKeys);
            await keys.prepare();
            await keys.listen();
            return keys;
          },
        },
        { provide: SubjectKeys, useExisting: PostgresSubjectKeys },
      ],
      exports: [CLOCK, CONFIGURATION, POOL, Metrics, EventStore, PostgresSubjectKeys, SubjectKeys],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.events.close();
    await this.keys.close();
    await this.pool.end();
  }
}
