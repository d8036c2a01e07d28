import type { Position } from '#kernel';
import { positionOf, type StoreDelivery } from '../event-store.js';
import type { Connection, Lease } from './connection.js';
import { NoAnswer, pause } from './deadline.js';
import type { EventStoreDBOptions, Patience } from './options.js';
import { failureOf, isTransient } from './outcome.js';
import { isAfter } from './position.js';
import { deliveries } from './subscription.js';
import { Watchdog } from './watchdog.js';

interface FollowOptions {
  readonly prefixes: readonly string[];
  readonly types?: ReadonlySet<string> | undefined;
  readonly from: Position | 'start';
  readonly signal: AbortSignal;
  readonly patience: Patience;
  readonly log: EventStoreDBOptions['log'];
}

/**
 * Follows the log until aborted. Subscriptions end in every way there is: by an error, in good order, because a reader
 * was slow, with their server, or without a word. Each time the next begins behind what was delivered last, so that
 * the reader sees every event once and in order. Only what no retry can mend is thrown.
 */
export async function* follow(connection: Connection, options: FollowOptions): AsyncIterable<StoreDelivery> {
  const { prefixes, types, from, signal, patience, log } = options;
  const watchdog = new Watchdog(connection, prefixes, patience.answer);
  let last = from;
  for (let failures = 0; !signal.aborted; await pause(failures++, patience, signal)) {
    const lease = await connection.lease();
    try {
      const session = deliveries(lease.client, {
        prefixes,
        types,
        from: last,
        signal,
        answer: patience.answer,
        // A server that searches a long log is not disturbed again and again.
        silence: patience.silence * 2 ** Math.min(failures, 6),
        verdict: () => watchdog.verdict(last),
        confirmed: () => connection.heard(lease, 'subscription'),
      });
      for await (const delivery of session) {
        const position = positionOf(delivery);
        if (position !== undefined) {
          // A node that lags behind the one we left begins with what we have seen there.
          if (!isAfter(position, last)) continue;
          last = position;
          failures = 0;
        }
        yield delivery;
      }
    } catch (error) {
      const failure = failureOf(error, '$all');
      if (!isTransient(failure)) throw failure;
      note(connection, lease, failure);
      log?.warn(`A subscription goes on after ${place(last)}: ${String(failure)}`);
    }
  }
}

/** A server that does not even confirm may be another one's business; any other end is a subscription's everyday life. */
function note(connection: Connection, lease: Lease, failure: unknown): void {
  if (failure instanceof NoAnswer) connection.failed(lease, 'subscription', failure);
}

const place = (last: Position | 'start'): string => (last === 'start' ? 'the start' : String(last.commit));
