import { BACKWARDS, END } from '@eventstore/db-client';
import type { Position } from '#kernel';
import type { Connection } from './connection.js';
import { isAfter } from './position.js';
import { drain } from './reading.js';
import { CHECKPOINT } from './subscription.js';

/** When as many events as this have passed a subscription by, it must at least have told a checkpoint. */
const FAR_BEHIND = 2 * CHECKPOINT.maxSearchWindow * CHECKPOINT.checkpointInterval;

/** Tells a subscription that has nothing to deliver from one that has died without a word. */
export class Watchdog {
  #suspected: Position | 'start' | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly prefixes: readonly string[],
    private readonly answer: number,
  ) {}

  /** Why a subscription that has long been silent after this position is to be given up: twice in a row it owed something. */
  async verdict(last: Position | 'start'): Promise<Error | undefined> {
    if (!(await this.#owes(last))) this.#suspected = undefined;
    else if (this.#suspected === last) return new Error('the subscription is silent although the log has moved on');
    else this.#suspected = last;
    return undefined;
  }

  /** Whether the log holds something after this position that should have been delivered. */
  async #owes(last: Position | 'start'): Promise<boolean> {
    const lease = await this.connection.lease();
    const options = { direction: BACKWARDS, fromPosition: END, maxCount: FAR_BEHIND } as const;
    let passed = 0;
    try {
      const head = drain(lease.client.readAll(options), { what: 'head of the log', silence: this.answer });
      for await (const { event } of head) {
        if (event?.position === undefined || !isAfter(event.position, last)) return false;
        if (this.prefixes.some((prefix) => event.streamId.startsWith(prefix))) return true;
        passed++;
      }
    } catch (error) {
      this.connection.failed(lease, 'read', error);
      throw error;
    }
    return passed >= FAR_BEHIND;
  }
}
