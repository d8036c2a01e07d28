/** How patient the adapter is. All times are in milliseconds. */
export interface Patience {
  /** No answer within this: the outcome of a call is unknown. */
  readonly answer: number;
  /** A silent client is asked for one event, and thrown away when that takes longer. */
  readonly probe: number;
  /** How long a call is repeated while its outcome is unknown. */
  readonly call: number;
  /** The pause before the second try; it doubles with each failure, up to the longest. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** A subscription that brings nothing for this long is compared with the head of the log. */
  readonly silence: number;
}

export interface EventStoreDBOptions {
  readonly patience?: Partial<Patience>;
  /** Told of clients thrown away and subscriptions that had to begin anew. */
  readonly log?: { warn(message: string): void };
}

export const PATIENCE: Patience = {
  answer: 2_000,
  probe: 1_000,
  call: 20_000,
  firstPause: 50,
  longestPause: 1_000,
  silence: 10_000,
};
