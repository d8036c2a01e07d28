import { setTimeout } from 'node:timers/promises';
import { EventStoreDB } from '#event-store';
import { createPool, type Progress, watchProgress } from '#read-store';
import { projections } from './by-us.js';
import type { Addressed, DemoLog } from './demo-log.js';
import type { Place } from './place.js';

/** Appends events of the demo and measures how long after the acknowledgement all read models have their rows. */
export class Live {
  readonly #store: EventStoreDB;
  readonly #pool;
  readonly #progress: Progress;
  readonly #waiting = new Set<{ readonly position: bigint; readonly seen: () => void }>();
  #shown = 0n;
  #captured = 0;

  constructor(
    { eventStoreUrl }: Place,
    databaseUrl: string,
    private readonly events: DemoLog,
  ) {
    this.#store = new EventStoreDB(eventStoreUrl);
    this.#pool = createPool(databaseUrl);
    this.#progress = watchProgress({ pool: this.#pool, projections });
    this.#progress.positions$.subscribe((positions) => {
      if (positions.size < projections.length) return;
      this.#shown = [...positions.values()].reduce((low, position) => (position < low ? position : low));
      for (const one of this.#waiting) if (one.position <= this.#shown) one.seen();
    });
  }

  /** One event at a time. */
  async idle(count: number): Promise<readonly number[]> {
    const milliseconds: number[] = [];
    for (const event of await this.events.next(count)) {
      milliseconds.push(await this.#append(event));
      await setTimeout(20);
    }
    return milliseconds;
  }

  /** So many events a second, whether the ones before are through or not. */
  async steady(perSecond: number, seconds: number): Promise<readonly number[]> {
    const streams = new Map<string, Promise<number>>();
    const appends: Promise<number>[] = [];
    const events = (await this.events.next(perSecond * seconds)).values();
    const start = performance.now();
    for (let sent = 0; sent < perSecond * seconds;) {
      for (const due = ((performance.now() - start) / 1_000) * perSecond; sent < due; sent++) {
        const { value } = events.next();
        if (value === undefined) break;
        const before = streams.get(value.stream) ?? Promise.resolve(0);
        const append = before.then(() => this.#append(value));
        // It is awaited with all others at the end; until then its failure must not end the process.
        append.catch(() => undefined);
        streams.set(value.stream, append);
        appends.push(append);
      }
      await setTimeout(1);
    }
    return Promise.all(appends);
  }

  /** The rows that the read models show of the events appended, and how many there should be. */
  async capturedLeads(after: bigint): Promise<readonly [shown: number, appended: number]> {
    const { rows } = await this.#pool.query<{ n: number }>(
      'select count(*)::int as n from read_models.lead_capture where position > $1',
      [String(after)],
    );
    return [rows[0]?.n ?? 0, this.#captured];
  }

  async close(): Promise<void> {
    await this.#progress.close();
    await this.#pool.end();
    await this.#store.close();
  }

  async #append({ stream, revision, event }: Addressed): Promise<number> {
    const { position } = await this.#store.append(stream, revision === 0n ? 'no_stream' : revision - 1n, [event]);
    const acknowledged = performance.now();
    if (event.type === 'LeadCaptured') this.#captured++;
    if (position.commit > this.#shown) {
      await new Promise<void>((resolve) => {
        const one = {
          position: position.commit,
          seen: () => {
            this.#waiting.delete(one);
            resolve();
          },
        };
        this.#waiting.add(one);
      });
    }
    return performance.now() - acknowledged;
  }
}
