/** Where the time comes from: the system, or a virtual one in tests and simulations. */
export interface Clock {
  /** Now, as ISO 8601 in UTC with milliseconds. */
  now(): string;
}
