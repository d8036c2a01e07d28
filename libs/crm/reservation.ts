/** What became of the event for which something was reserved. */
export interface SettlingFacts {
  /** Whether it stands in its stream; absent when nothing waits to be settled. */
  readonly happened?: boolean;
}
