import type { Call } from '../grpc/call.js';
import type { EventLog } from '../log/event-log.js';
import type { Presenter } from './presenter.js';

/** What reads and subscriptions have in common. */
export interface Reading {
  readonly log: EventLog;
  readonly call: Call;
  readonly presenter: Presenter;
  /** A request without a uuid option is never sent an event, and never ended. */
  readonly withIds: boolean;
}

export interface CountedRead extends Reading {
  readonly backwards: boolean;
  readonly count: bigint;
}
