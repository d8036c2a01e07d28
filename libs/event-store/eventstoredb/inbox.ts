import { status } from '@grpc/grpc-js';
import type { Call } from './lean-read.js';
import { inWordsOfTheClient } from './outcome.js';

/** So many messages wait at most for a reader that is busy; then the server is made to wait. */
const MOST = 1_024;

/** What a call has brought and nobody has taken yet. */
export class Inbox<T> {
  #call: Call | undefined;
  #items: T[] = [];
  #failure: Error | undefined;
  #isOver = false;
  #onArrival: () => void = () => undefined;

  constructor(
    opening: Promise<Call>,
    /** Nothing more may wait behind this item, though there are few. */
    private readonly isFull: (first: T, item: T) => boolean = () => false,
  ) {
    opening.then(
      (call) => {
        this.#listen(call);
      },
      (error: unknown) => {
        this.end(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  /** All that has come, at least one item; undefined at the end. @throws what the call failed with */
  async take(): Promise<readonly T[] | undefined> {
    while (this.#items.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => (this.#onArrival = resolve));
    }
    const items = this.#items;
    this.#items = [];
    this.#call?.resume();
    return items;
  }

  /** Nothing more is to come; the server is told, too. */
  end(failure?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = failure;
    this.#call?.cancel();
    this.#onArrival();
  }

  #listen(call: Call): void {
    this.#call = call;
    call.on('error', (error) => {
      this.end(isOurOwn(error) ? undefined : inWordsOfTheClient(error));
    });
    call.on('end', () => {
      this.end();
    });
    call.on('data', (item: T) => {
      this.#items.push(item);
      if (this.#items.length >= MOST || this.isFull(this.#items[0] ?? item, item)) call.pause();
      this.#onArrival();
    });
    if (this.#isOver) call.cancel();
  }
}

/** Cancelled by us, or by the client on its way out. */
const isOurOwn = (error: Error): boolean =>
  'code' in error && error.code === status.CANCELLED && 'details' in error && error.details === 'Cancelled on client';
