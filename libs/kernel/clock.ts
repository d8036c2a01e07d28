/** Where the time comes from: the system, or a virtual one in tests and simulations. */
export interface Clock {
  /** Now, as ISO 8601 in UTC with milliseconds. */
  now(): string;
}

/** A clock that can be waited for. */
export interface Alarm extends Clock {
  /** Resolves once the moment has come, at once when it has passed, early when aborted. */
  until(moment: string, signal: AbortSignal): Promise<void>;
}
