import type { EventStoreDBClient } from '@eventstore/db-client';
import { isMuchLog, type Position } from '#kernel';
import { positionOf, type StoreDelivery } from '../event-store.js';
import { NoAnswer, SilenceTimer } from './deadline.js';
import { Inbox } from './inbox.js';
import { openSubscription } from './lean-read.js';
import { type ReadResponse, readResponse, type WantedTypes } from './read-response.js';

/** How many events the server passes over before it tells where it is: window × interval. */
export const CHECKPOINT = { maxSearchWindow: 32, checkpointInterval: 16 };

interface SubscriptionOptions {
  readonly prefixes: readonly string[];
  readonly types: WantedTypes;
  readonly from: Position | 'start';
  readonly signal: AbortSignal;
  /** The longest wait for the server to say that it will deliver, in milliseconds. */
  readonly answer: number;
  /** Asked when nothing was delivered for `silence` milliseconds: why this subscription must be given up, if it must. */
  readonly silence: number;
  readonly verdict: () => Promise<Error | undefined>;
  readonly confirmed: () => void;
}

/** One subscription, pulled: as long as it lasts, and it may end in any way at any time. */
export async function* deliveries(
  client: EventStoreDBClient,
  { prefixes, types, from, signal, answer, silence, verdict, confirmed }: SubscriptionOptions,
): AsyncIterable<StoreDelivery> {
  if (signal.aborted) return;
  const decode = (bytes: Buffer) => readResponse(bytes, types);
  const inbox = new Inbox<ReadResponse>(openSubscription(client, { prefixes, from, ...CHECKPOINT }, decode), isFull);
  const isOver = () => signal.aborted;
  const abort = () => {
    inbox.end();
  };
  const start = setTimeout(() => {
    inbox.end(new NoAnswer('subscribe', answer));
  }, answer);
  const timer = new SilenceTimer(silence, () => {
    verdict().then(
      (failure) => {
        if (failure) inbox.end(failure);
        else timer.again();
      },
      (error: unknown) => {
        inbox.end(new Error('the log cannot be looked at', { cause: error }));
      },
    );
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    timer.wait();
    for (let items = await inbox.take(); items !== undefined && !isOver(); items = await inbox.take()) {
      timer.heard();
      for (const item of items) {
        if (item === 'confirmed') {
          clearTimeout(start);
          confirmed();
        } else if (item !== 'nothing') yield item;
        if (isOver()) return;
      }
      timer.wait();
    }
  } finally {
    clearTimeout(start);
    timer.stop();
    signal.removeEventListener('abort', abort);
    inbox.end();
  }
}

const isFull = (first: ReadResponse, last: ReadResponse) => isMuchLog(placeOf(first), placeOf(last));
const placeOf = (said: ReadResponse) => (typeof said === 'string' ? undefined : positionOf(said));
