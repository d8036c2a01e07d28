import { EventEmitter, once } from 'node:events';
import type { Position, RecordedEvent } from '#kernel';
import type { Delivery, Entry, EventSource, StreamSource } from '#read-store';

/** A log in memory whose subscriptions follow it live; `drop` ends them all as a server would. */
export class MemoryLog implements EventSource, StreamSource {
  readonly #deliveries: Delivery[] = [];
  readonly #stirred = new EventEmitter().setMaxListeners(0);
  #drops = 0;
  subscriptions = 0;

  append(...events: readonly RecordedEvent[]): void {
    this.push(...events.map((event) => ({ event })));
  }

  push(...deliveries: readonly Delivery[]): void {
    this.#deliveries.push(...deliveries);
    this.#stir();
  }

  drop(): void {
    this.#drops++;
    this.#stir();
  }

  async *subscribe(from: Position | 'start', signal: AbortSignal): AsyncIterable<Delivery> {
    this.subscriptions++;
    const drops = this.#drops;
    const isOver = () => signal.aborted || drops !== this.#drops;
    signal.addEventListener('abort', () => {
      this.#stir();
    });
    let next = 0;
    let isCaughtUp = false;
    while (!isOver()) {
      const delivery = this.#deliveries[next];
      if (delivery !== undefined) {
        next++;
        if (from === 'start' || commitOf(delivery) > from.commit) yield delivery;
      } else if (!isCaughtUp) {
        isCaughtUp = true;
        yield { caughtUp: true };
      } else await once(this.#stirred, 'stir');
    }
  }

  async *readStream(stream: string, from: bigint): AsyncIterable<Entry> {
    for (const delivery of this.#deliveries) {
      await Promise.resolve();
      if (!isEntry(delivery)) continue;
      const place = 'event' in delivery ? delivery.event : delivery.unreadable;
      if (place.stream === stream && place.revision >= from) yield delivery;
    }
  }

  #stir(): void {
    this.#stirred.emit('stir');
  }
}

const isEntry = (delivery: Delivery): delivery is Entry => 'event' in delivery || 'unreadable' in delivery;

function commitOf(delivery: Delivery): bigint {
  if ('event' in delivery) return delivery.event.position.commit;
  if ('unreadable' in delivery) return delivery.unreadable.position.commit;
  return 'checkpoint' in delivery ? delivery.checkpoint.commit : -1n;
}
