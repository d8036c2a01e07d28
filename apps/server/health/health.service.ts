import { Inject, Injectable } from '@nestjs/common';
import { Codec, RecordedEvents } from '#event-store';
import type { Clock } from '#kernel';
import { policies } from '#crm';
import { policiesStatus, policyCheckpoints } from '#policies';
import { measureLag, shownCheckpoints, versionStatuses } from '#read-store';
import type { ApplicationConfiguration } from '../configuration.js';
import { Policies } from '../policies.module.js';
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
    @Inject(Policies) private readonly reactions: Policies,
    @Inject(RecordedEvents) private readonly log: RecordedEvents,
    @Inject(Codec) private readonly codec: Codec,
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
    const now = this.clock.now();
    const runners = {
      runner: this.models.status(),
      policyRunner: this.reactions.runner?.status(),
      unknownTypes: this.codec.unknownTypes(),
      now,
    };
    const stored = await answerOf(this.storedState(now));
    if ('down' in stored)
      return { ...runners, postgres: stored, eventStore: 'unknown', versions: [], policies: [], lags: [] };
    const { checkpoints, ...state } = stored.value;
    const over = new AbortController();
    const lags = await answerOf(measureLag({ checkpoints, log: this.log, now, signal: over.signal }));
    over.abort();
    const counted = 'down' in lags ? { eventStore: lags, lags: [] } : { eventStore: 'ok' as const, lags: lags.value };
    return { ...runners, ...state, postgres: 'ok', ...counted };
  }

  /** What Postgres has of projections and policies, whichever process runs them. */
  private async storedState(now: string) {
    const { pool, projections } = this.models;
    const { namespace } = this.configuration;
    const [versions, statuses, shown, reached] = await Promise.all([
      versionStatuses({ pool, namespace, projections }),
      policiesStatus({ pool, namespace, policies, now }),
      shownCheckpoints({ pool, namespace }),
      policyCheckpoints({ pool, namespace, policies }),
    ]);
    const declared = statuses.policies.filter(({ isDeclared }) => isDeclared);
    return { versions, policies: declared, checkpoints: [...shown, ...reached] };
  }
}

async function answerOf<T>(asked: Promise<T>): Promise<{ readonly value: T } | { readonly down: string }> {
  try {
    return { value: await within(LONGEST_MS, asked) };
  } catch (error) {
    return { down: error instanceof Error ? error.message : String(error) };
  }
}
