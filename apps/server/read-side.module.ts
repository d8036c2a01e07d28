import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Global, Inject, Injectable, Logger, Module } from '@nestjs/common';
import type { Pool } from 'pg';
import { RecordedEvents } from '#event-store';
import type { AnyProjection } from '#kernel';
import { installedReportingZone, projectionsIn } from '#projections';
import type { Progress, RunnerStatus, RunningProjections } from '#read-store';
import { installReadModels, runProjections, watchProgress } from '#read-store';
import type { ApplicationConfiguration } from './configuration.js';
import { Metrics } from './metrics/metrics.js';
import { CONFIGURATION, POOL } from './tokens.js';

/** The read models of this process: kept up here when it has that role, and watched for waiting reads. */
@Injectable()
export class ReadModels implements OnApplicationBootstrap, OnModuleDestroy {
  readonly projections: readonly AnyProjection[];
  private watching: Progress | undefined;
  private running: RunningProjections | undefined;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ApplicationConfiguration,
    @Inject(POOL) readonly pool: Pool,
    @Inject(RecordedEvents) private readonly events: RecordedEvents,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {
    this.projections = projectionsIn(configuration.reportingZone);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { namespace, roles, projectionLeaseMs } = this.configuration;
    const models = { pool: this.pool, namespace, projections: this.projections };
    await this.tellOfAnotherZone();
    await installReadModels(models);
    this.watching = watchProgress(models);
    if (roles.includes('projections'))
      this.running = runProjections({
        ...models,
        source: this.events,
        leaseMs: projectionLeaseMs,
        log: new Logger('Projections'),
        watch: this.metrics,
      });
  }

  /** Servers own the zone: what one starts with holds for all readers, which must not happen unheard. */
  private async tellOfAnotherZone(): Promise<void> {
    const { namespace, reportingZone } = this.configuration;
    const installed = await installedReportingZone(this.pool, namespace);
    if (installed !== undefined && installed !== reportingZone)
      new Logger('Projections').warn(
        `Until now days began and ended in ${installed}; from this start on in ${reportingZone}, for all readers. Give all servers one REPORTING_ZONE.`,
      );
  }

  async onModuleDestroy(): Promise<void> {
    await this.running?.stop();
    await this.watching?.close();
  }

  get namespace(): string {
    return this.configuration.namespace;
  }

  get progress(): Progress {
    if (this.watching === undefined) throw new Error('the read models are asked before the application has started');
    return this.watching;
  }

  /** What the projections of this process do; undefined when it has not that role. */
  status(): RunnerStatus | undefined {
    return this.running?.status();
  }
}

/** Projections and what reads them. */
@Global()
@Module({ providers: [ReadModels], exports: [ReadModels] })
export class ReadSideModule {}
