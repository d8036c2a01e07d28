import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RunnerWatch } from '#read-store';

const QUICK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_SIZES = [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000];

/** What this process has counted and timed since it started, in Prometheus' format. */
export class Metrics implements RunnerWatch {
  readonly registry = new Registry();

  readonly commands = new Counter({
    ...this.named('taizhang_commands_total', 'Commands by name and outcome', ['command', 'outcome']),
  });
  readonly commandSeconds = new Histogram({
    ...this.named('taizhang_command_duration_seconds', 'From a checked command to its answer', ['command']),
    buckets: QUICK_SECONDS,
  });
  readonly appendSeconds = new Histogram({
    ...this.named('taizhang_append_duration_seconds', 'From an append to its acknowledgement'),
    buckets: QUICK_SECONDS,
  });
  readonly conflicts = new Counter({
    ...this.named('taizhang_append_conflicts_total', 'Appends that came too late, and were decided anew'),
  });
  readonly appendFailures = new Counter({
    ...this.named('taizhang_append_failures_total', 'Appends that failed for another reason than a conflict'),
  });

  private readonly deliveries = new Counter({
    ...this.named('taizhang_projection_deliveries_total', 'Events and checkpoints written by this process', ['work']),
  });
  private readonly batchSize = new Histogram({
    ...this.named('taizhang_projection_batch_size', 'Deliveries in one transaction', ['work']),
    buckets: BATCH_SIZES,
  });
  private readonly batchSeconds = new Histogram({
    ...this.named('taizhang_projection_batch_duration_seconds', 'Time to write one batch', ['work']),
    buckets: QUICK_SECONDS,
  });
  private readonly restarts = new Counter({
    ...this.named('taizhang_projection_restarts_total', 'How often the reader began again after a failure'),
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  applied(work: 'follow' | 'build', deliveries: number, ms: number): void {
    this.deliveries.inc({ work }, deliveries);
    this.batchSize.observe({ work }, deliveries);
    this.batchSeconds.observe({ work }, ms / 1000);
  }

  failed(): void {
    this.restarts.inc();
  }

  /** A figure that is asked for, not counted: set anew before each answer. */
  gauge<Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    return new Gauge({ ...this.named(name, help, labelNames) });
  }

  private named<Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) {
    return { name, help, labelNames: [...labelNames], registers: [this.registry] };
  }
}
