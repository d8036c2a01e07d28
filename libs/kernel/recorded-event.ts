import type { Envelope } from './envelope.js';
import type { DataOf, Event } from './event.js';

/** Where an event lies in the whole log; opaque, only growing, compared by `commit`. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

const MUCH = 16n * 1024n * 1024n;

/** Whether so much of the log lies between two places that no more should wait in memory: few events may be large, and positions count bytes. */
export const isMuchLog = (from: Position | undefined, to: Position | undefined): boolean =>
  from !== undefined && to !== undefined && to.commit - from.commit >= MUCH;

/** Where and when one event was recorded, beside what it says. */
export interface Recorded extends Envelope {
  readonly eventId: string;
  /** The stream without the namespace: `lead-3f2c…`. */
  readonly stream: string;
  /** The id of the aggregate: the stream without its prefix. */
  readonly streamId: string;
  readonly revision: bigint;
  readonly position: Position;
  /** The data subjects whose keys are gone from here on. */
  readonly erases?: readonly string[];
}

/** An event as it is read back: the fact with its envelope and its place. */
export type RecordedEvent<E extends Event = Event, Type extends E['type'] = E['type']> = {
  readonly [T in Type]: Recorded & { readonly type: T; readonly data: DataOf<E, T> };
}[Type];
