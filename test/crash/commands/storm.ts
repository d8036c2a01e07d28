import { setTimeout } from 'node:timers/promises';
import type { Chance } from '../../../apps/cli/demo/chance.js';
import type { FaultProxy } from '../../faults/index.js';

const SHORTEST_CALM_MS = 300;
const LONGEST_CALM_MS = 3_000;
const FAULTS = ['drop', 'halfClose', 'loseNextAnswer', 'loseNextAnswer'] as const;

/** Breaks the connections to the event node, again and again, in every way in which they break at once. */
export class Storm {
  readonly #over = new AbortController();
  readonly #faults = { drop: 0, halfClose: 0, loseNextAnswer: 0 };
  #raging: Promise<void> = Promise.resolve();

  constructor(
    private readonly network: FaultProxy,
    private readonly chance: Chance,
  ) {}

  get told(): string {
    const { drop, halfClose, loseNextAnswer } = this.#faults;
    return `all connections to the node dropped ${drop} times, half closed ${halfClose} times, an answer lost ${loseNextAnswer} times`;
  }

  begin(): void {
    this.#raging = this.#rage();
  }

  async end(): Promise<void> {
    this.#over.abort();
    await this.#raging;
    this.network.pass();
  }

  async #rage(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const fault = this.chance.pick(FAULTS);
      this.#faults[fault]++;
      this.network[fault]();
      await setTimeout(this.chance.between(SHORTEST_CALM_MS, LONGEST_CALM_MS), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }
}
