import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, list, number, object } from '../json.js';
import { invoke } from './library.js';
import { joinRuns } from './notation.js';
import { brief, describeError, originalOf, shownEvent } from './outcomes.js';
import type { Names } from './names.js';

const PATIENCE = 6000;
const QUIET = 250;

/** A subscription under way, and all that came of it. */
export class SubscriptionLog {
  private readonly received: unknown[] = [];
  private source: unknown;
  private taken = 0;

  constructor(
    private readonly names: Names,
    private readonly show: string,
    private readonly only: string | undefined,
  ) {}

  readonly checkpointReached = (_: unknown, position: unknown): Promise<void> => {
    this.put({ checkpoint: position });
    return Promise.resolve();
  };

  attach(source: unknown): void {
    this.source = source;
    const on = (event: string, listener: (argument: unknown) => void): void => {
      invoke(source, 'on', [event, listener]);
    };
    for (const [event, item] of [
      ['confirmation', 'confirmed'],
      ['caughtUp', 'caughtUp'],
      ['fellBehind', 'fellBehind'],
      ['end', 'end'],
      ['close', 'close'],
    ] as const) {
      on(event, () => {
        this.put(item);
      });
    }
    on('data', (event) => {
      if (this.only !== undefined && !String(originalOf(event)['streamId']).includes(this.only)) return;
      this.put({ event: this.show === 'brief' ? brief(event) : shownEvent(event) });
    });
    on('error', (error) => {
      this.put({ error: describeError(error, this.names) });
    });
  }

  /** Waits for what `until` names, then for a quiet moment; gives all that came since the last time. */
  async receive(args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const deadline = Date.now() + number(args['within'], PATIENCE);
    const quiet = number(args['quiet'], QUIET);
    const reached = (): boolean =>
      Object.entries(object(args['until'])).every(([what, count]) => this.countOf(what) >= number(count));
    while (!reached() && Date.now() < deadline) await sleep(10);
    const timedOut = !reached();
    for (let seen = -1; seen !== this.received.length && Date.now() < deadline + 4 * quiet;) {
      seen = this.received.length;
      await sleep(quiet);
    }
    const kinds = list(args['tell']);
    const fresh = this.received
      .slice(this.taken)
      .filter((item) => kinds.length === 0 || kinds.some((kind) => isOf(item, kind)));
    this.taken = this.received.length;
    return { received: joinRuns(fresh), ...(timedOut && { timedOut: true }) };
  }

  /** `pause`, `resume` or `unsubscribe`. */
  async tell(what: string): Promise<void> {
    await invoke(this.source, what, []);
  }

  private countOf(what: string): number {
    return this.received.slice(this.taken).filter((item) => isOf(item, what)).length;
  }

  private put(item: unknown): void {
    this.received.push(item);
  }
}

const isOf = (item: unknown, kind: unknown): boolean =>
  item === kind || (isObject(item) && typeof kind === 'string' && item[kind] !== undefined);
