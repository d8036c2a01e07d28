import type { Position, RecordedEvent } from '#kernel';

/** What a subscription brings, in the order of the log. */
export type Delivery =
  | { readonly event: RecordedEvent }
  /** Everything up to here has been passed; what was not delivered is of no interest to any projection. */
  | { readonly checkpoint: Position }
  /** All that was in the log has been delivered; may come more than once. */
  | { readonly caughtUp: true };

/** Where the runner gets its events from: decoded, unsealed, each at least once. */
export interface EventSource {
  /** All after `from`. It may end at any time; aborting the signal ends it soon. */
  subscribe(from: Position | 'start', signal: AbortSignal): AsyncIterable<Delivery>;
}
