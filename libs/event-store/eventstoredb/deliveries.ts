import type { AllStreamSubscription, AllStreamResolvedEvent } from '@eventstore/db-client';
import type { StoreDelivery } from '../event-store.js';

const HIGH_WATER = 2_048;
const LOW_WATER = 512;

/** Turns the client's emitter into a pulled sequence: in order with its checkpoints, with back-pressure, ending when it ends. */
export class Deliveries implements AsyncIterable<StoreDelivery> {
  private readonly queue: StoreDelivery[] = [];
  private readonly marks: { readonly due: number; readonly delivery: StoreDelivery }[] = [];
  private emitted = 0;
  private ended = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(
    private readonly subscription: AllStreamSubscription,
    private readonly convert: (event: AllStreamResolvedEvent) => StoreDelivery | undefined,
    signal: AbortSignal,
  ) {
    subscription.on('data', (event) => this.take(event));
    subscription.on('caughtUp', () => this.mark({ caughtUp: true }));
    subscription.on('error', (error) => this.end(error));
    subscription.on('end', () => this.end());
    subscription.on('close', () => this.end());
    signal.addEventListener('abort', () => this.end(), { once: true });
    if (signal.aborted) this.end();
  }

  /** Takes a checkpoint or caught-up note in its place behind the events that the client still holds back. */
  mark(delivery: StoreDelivery): void {
    const due = this.emitted + this.subscription.readableLength;
    if (due === this.emitted) this.push(delivery);
    else this.marks.push({ due, delivery });
  }

  async *[Symbol.asyncIterator](): AsyncIterator<StoreDelivery> {
    try {
      for (;;) {
        const next = this.queue.shift();
        if (next) {
          if (this.queue.length === LOW_WATER) this.subscription.resume();
          yield next;
        } else if (this.ended) {
          if (this.failure !== undefined) throw this.failure;
          return;
        } else await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      await this.subscription.unsubscribe();
    }
  }

  private take(event: AllStreamResolvedEvent): void {
    this.emitted++;
    const delivery = this.convert(event);
    if (delivery) this.push(delivery);
    while (this.marks[0] && this.marks[0].due <= this.emitted) {
      const mark = this.marks.shift();
      if (mark) this.push(mark.delivery);
    }
  }

  private push(delivery: StoreDelivery): void {
    this.queue.push(delivery);
    if (this.queue.length === HIGH_WATER) this.subscription.pause();
    this.notify();
  }

  private end(error?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = error;
    this.notify();
  }

  private notify(): void {
    this.wake?.();
    this.wake = undefined;
  }
}
