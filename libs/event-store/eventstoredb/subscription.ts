import type { AllStreamResolvedEvent, AllStreamSubscription, EventStoreDBClient } from '@eventstore/db-client';
import { START, streamNameFilter } from '@eventstore/db-client';
import type { Position } from '#kernel';
import type { StoreDelivery } from '../event-store.js';
import { NoAnswer, SilenceTimer } from './deadline.js';
import { storedEvent } from './stored-event.js';

/** How many events the server passes over before it tells where it is: window × interval. */
export const CHECKPOINT = { maxSearchWindow: 32, checkpointInterval: 16 };
const BUFFERED = 256;

interface SubscriptionOptions {
  readonly prefixes: readonly string[];
  readonly from: Position | 'start';
  readonly signal: AbortSignal;
  /** The longest wait for the server to say that it will deliver, in milliseconds. */
  readonly answer: number;
  /** Asked when nothing was delivered for `silence` milliseconds: why this subscription must be given up, if it must. */
  readonly silence: number;
  readonly verdict: () => Promise<Error | undefined>;
  readonly confirmed: () => void;
}

/** A checkpoint or a caught-up, in its place among the events. */
class Note {
  constructor(readonly delivery: StoreDelivery) {}
}

/** One subscription of the client, pulled: as long as it lasts, and it may end in any way at any time. */
export async function* deliveries(
  client: EventStoreDBClient,
  options: SubscriptionOptions,
): AsyncIterable<StoreDelivery> {
  const { prefixes, from, signal, answer, silence, verdict, confirmed } = options;
  // Notes are pushed behind the events that came before them, so no reader, however slow, sees them out of order.
  const note = (delivery: StoreDelivery) => void subscription.push(new Note(delivery));
  const filter = streamNameFilter({
    ...CHECKPOINT,
    prefixes: [...prefixes],
    // Must not throw: the client would stand still, without events or errors.
    checkpointReached: (_, checkpoint) => note({ checkpoint }),
  });
  const fromPosition = from === 'start' ? START : from;
  const subscription: AllStreamSubscription = client.subscribeToAll(
    { fromPosition, filter },
    { highWaterMark: BUFFERED },
  );
  const abort = () => void subscription.destroy();
  const start = setTimeout(() => subscription.destroy(new NoAnswer('subscribe', answer)), answer);
  const timer = new SilenceTimer(silence, () => {
    verdict().then(
      (failure) => (failure ? subscription.destroy(failure) : timer.again()),
      (error: unknown) => subscription.destroy(new Error('the log cannot be looked at', { cause: error })),
    );
  });
  subscription
    .on('error', () => undefined)
    .on('caughtUp', () => note({ caughtUp: true }))
    .once('confirmation', () => {
      clearTimeout(start);
      confirmed();
    });
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (signal.aborted) return;
    timer.wait();
    for await (const item of subscription) {
      timer.heard();
      const delivery = deliveryOf(item);
      if (delivery) yield delivery;
      timer.wait();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearTimeout(start);
    timer.stop();
    signal.removeEventListener('abort', abort);
    void subscription.unsubscribe().catch(() => undefined);
  }
}

function deliveryOf(item: AllStreamResolvedEvent | Note): StoreDelivery | undefined {
  if (item instanceof Note) return item.delivery;
  const event = storedEvent(item);
  return event && { event };
}
