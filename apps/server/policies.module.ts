import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Global, Inject, Injectable, Logger, Module } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Pool } from 'pg';
import { policies } from '#crm';
import { AggregateStore, Codec, EventStore, PostgresSubjectKeys, RecordedEvents } from '#event-store';
import type { Alarm } from '#kernel';
import { freshReaderOn, installPolicies, PolicyRunner } from '#policies';
import type { ApplicationConfiguration } from './configuration.js';
import { CLOCK, CONFIGURATION, POOL } from './tokens.js';

/** Folded streams kept for the facts of policies. */
const CACHED_STREAMS = 5_000;

/** What the business does by itself, run by this process when it has that role. */
@Injectable()
export class Policies implements OnApplicationBootstrap, OnModuleDestroy {
  private running: PolicyRunner | undefined;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ApplicationConfiguration,
    @Inject(CLOCK) private readonly clock: Alarm,
    @Inject(POOL) private readonly pool: Pool,
    @Inject(EventStore) private readonly store: EventStore,
    @Inject(Codec) private readonly codec: Codec,
    @Inject(RecordedEvents) private readonly source: RecordedEvents,
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(PostgresSubjectKeys) private readonly keys: PostgresSubjectKeys,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { namespace, roles } = this.configuration;
    const { clock, pool, source, bus } = this;
    await installPolicies(pool, namespace, policies);
    if (!roles.includes('policies')) return;
    // Its own cache: what the command loop holds is the command loop's to bring up to date.
    const aggregates = new AggregateStore(this.store, this.codec, {
      cachedStreams: CACHED_STREAMS,
      rememberedCommands: 0,
    });
    this.keys.whenForgetting(() => {
      aggregates.clear();
    });
    this.running = new PolicyRunner({
      pool,
      namespace,
      policies,
      source,
      clock,
      send: (command) => bus.execute(command),
      freshReader: freshReaderOn(aggregates),
      log: new Logger('Policies'),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.running?.stop();
  }

  /** The runner of this process; undefined when it has not that role. */
  get runner(): PolicyRunner | undefined {
    return this.running;
  }
}

@Global()
@Module({ providers: [Policies], exports: [Policies] })
export class PoliciesModule {}
