import { Inject, Injectable } from '@nestjs/common';
import { RecordedEvents } from '#event-store';
import type { Clock } from '#kernel';
import { measureLag, versionStatuses } from '#read-store';
import type { ApplicationConfiguration } from '../configuration.js';
import { ReadModels } from '../read-side.module.js';
import { CLOCK, CONFIGURATION } from '../tokens.js';
import { assess, type Assessment, type Findings } from './assessment.js';
import { within } from './within.js';

const LONGEST_MS = 2_000;
/** However many ask, the stores are asked once in this time. */
const KEPT_MS = 1_000;

/** Asks the stores how they are, and says what it means. */
@Injectable()
export class Health {
  private askedAt = -Infinity;
  private found: Promise<Findings> | undefined;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ApplicationConfiguration,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(RecordedEvents) private readonly log: RecordedEvents,
  ) {}

  async assessment(): Promise<Assessment> {
    return assess(await this.findings());
  }

  findings(): Promise<Findings> {
    if (this.found !== undefined && performance.now() - this.askedAt < KEPT_MS) return this.found;
    this.askedAt = performance.now();
    return (this.found = this.find());
  }

  private async find(): Promise<Findings> {
    const { pool, projections } = this.models;
    const { namespace } = this.configuration;
    const runner = this.models.status();
    const versions = await answerOf(versionStatuses({ pool, namespace, projections }));
    if ('down' in versions) return { postgres: versions, eventStore: 'unknown', runner, versions: [], lags: [] };
    const over = new AbortController();
    const counting = measureLag({ pool, namespace, log: this.log, now: this.clock.now(), signal: over.signal });
    const lags = await answerOf(counting);
    over.abort();
    const counted = 'down' in lags ? { eventStore: lags, lags: [] } : { eventStore: 'ok' as const, lags: lags.value };
    return { postgres: 'ok', runner, versions: versions.value, ...counted };
  }
}

async function answerOf<T>(asked: Promise<T>): Promise<{ readonly value: T } | { readonly down: string }> {
  try {
    return { value: await within(LONGEST_MS, asked) };
  } catch (error) {
    return { down: error instanceof Error ? error.message : String(error) };
  }
}
