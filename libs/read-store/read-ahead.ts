export interface ReadAheadOptions<T> {
  /** It is worth while to take what has come, now that this item has come as well; if not said, each item is. */
  readonly isEnough?: (item: T, waiting: number) => boolean;
  /** After so long anything is enough. */
  readonly patienceMs?: number;
  /** Nothing more may wait behind this item, though there are fewer than the bound: they are large. */
  readonly isFull?: (first: T, item: T) => boolean;
}

/** Reads on while its consumer works, up to a bound, and hands over all that has come: small batches when idle, large under load. */
export class ReadAhead<T> {
  #items: T[] = [];
  #isEnough = false;
  #ended = false;
  #failure: Error | undefined;
  #onArrival: () => void = ignore;
  #onTaken: () => void = ignore;

  constructor(
    source: AsyncIterable<T>,
    private readonly bound: number,
    signal: AbortSignal,
    private readonly options: ReadAheadOptions<T> = {},
  ) {
    signal.addEventListener('abort', () => {
      this.#end();
    });
    if (signal.aborted) this.#end();
    void this.#pump(source);
  }

  /** How much waits to be taken. */
  get waiting(): number {
    return this.#items.length;
  }

  /** All that has come, at least one item; none when nothing came in time; undefined at the end or once aborted. */
  async take(withinMs?: number): Promise<readonly T[] | undefined> {
    if (!this.#isEnough && !this.#ended) await this.#enough(withinMs ?? this.options.patienceMs);
    if (this.#items.length === 0 && this.#ended) {
      if (this.#failure !== undefined) throw this.#failure;
      return undefined;
    }
    const taken = this.#items;
    this.#items = [];
    this.#isEnough = false;
    this.#onTaken();
    return taken;
  }

  async #pump(source: AsyncIterable<T>): Promise<void> {
    try {
      for await (const item of source) {
        const waiting = this.#items.push(item);
        const isFull = waiting >= this.bound || (this.options.isFull?.(this.#items[0] ?? item, item) ?? false);
        this.#isEnough ||= isFull || (this.options.isEnough?.(item, waiting) ?? true);
        if (this.#isEnough) this.#onArrival();
        if (this.#ended) break;
        if (isFull) await new Promise<void>((resolve) => (this.#onTaken = resolve));
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#onArrival();
    this.#onTaken();
  }

  #enough(withinMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = withinMs === undefined ? undefined : setTimeout(resolve, withinMs);
      this.#onArrival = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const ignore = () => undefined;
