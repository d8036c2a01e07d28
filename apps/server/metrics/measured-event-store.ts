import { ConcurrentWrite, EventStoreDB, type Appended, type ExpectedRevision, type NewEvent } from '#event-store';
import type { Metrics } from './metrics.js';

type Options = ConstructorParameters<typeof EventStoreDB>[1];

/** The event store, with its appends counted and timed. */
export class MeasuredEventStore extends EventStoreDB {
  constructor(
    private readonly metrics: Metrics,
    url: string,
    options: Options,
  ) {
    super(url, options);
  }

  override append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const sentAt = performance.now();
    const appending = super.append(stream, expected, events);
    // Beside the answer, not on its way.
    appending.then(
      () => {
        this.metrics.appendSeconds.observe((performance.now() - sentAt) / 1_000);
      },
      (error: unknown) => {
        if (error instanceof ConcurrentWrite) this.metrics.conflicts.inc();
        else this.metrics.appendFailures.inc();
      },
    );
    return appending;
  }
}
