import { randomUUID } from 'node:crypto';
import { encodeEventFrame } from '../protocol/event-frame.js';
import type { AppendOutcome, Done, ProposedEvent } from './append-request.js';
import type { Head } from './head.js';
import type { LogEvent } from './log-event.js';
import { recordSize } from './record-size.js';

const TICKS_PER_MILLISECOND = 10_000n;

/** The positions the log gives out: only ever higher ones, used or not. */
export class Positions {
  constructor(private next: bigint) {}

  /** Where the next record will begin. */
  get end(): bigint {
    return this.next;
  }

  take(size: number): bigint {
    const position = this.next;
    this.next += BigInt(size);
    return position;
  }
}

export interface PendingEvent extends LogEvent {
  readonly id: string;
}

/** Accepted appends that will be committed together. */
export class PendingBatch {
  readonly events: PendingEvent[] = [];
  /** The heads of streams as they will be once this is committed. */
  readonly heads = new Map<string, Head>();
  bytes = 0;
  private readonly acknowledgements: (() => void)[] = [];
  private readonly failures: (() => void)[] = [];

  constructor(private readonly positions: Positions) {}

  get isEmpty(): boolean {
    return this.events.length === 0 && this.acknowledgements.length === 0;
  }

  /** How many callers it answers. */
  get requests(): number {
    return this.acknowledgements.length;
  }

  add(stream: string, revision: bigint, proposed: ProposedEvent): PendingEvent {
    const { id, type, json, metadata, data } = proposed;
    const position = this.positions.take(recordSize({ stream, type, metadata, data }));
    const created = BigInt(Date.now()) * TICKS_PER_MILLISECOND;
    const frame = encodeEventFrame({ id, stream, revision, position, created, type, json, metadata, data });
    const event = { id, stream, revision, position, type, frame };
    this.events.push(event);
    this.bytes += frame.length;
    return event;
  }

  /** A position for an append that writes nothing. */
  emptyPosition(): bigint {
    return this.positions.take(1);
  }

  /** Tells the outcome once the batch is on disk. */
  acknowledge(done: Done, outcome: AppendOutcome): void {
    this.acknowledgements.push(() => {
      done(outcome);
    });
    this.failures.push(() => {
      done({ kind: 'failed' });
    });
  }

  committed(): void {
    for (const acknowledge of this.acknowledgements) acknowledge();
  }

  failed(): void {
    for (const fail of this.failures) fail();
  }
}

const EMPTY = Buffer.alloc(0);

/** Events the node writes on its own account. */
export const metadataEvent = (data: Buffer): ProposedEvent => ({
  id: randomUUID(),
  type: '$metadata',
  json: true,
  metadata: EMPTY,
  data,
});

export const tombstoneEvent = (): ProposedEvent => ({
  id: randomUUID(),
  type: '$streamDeleted',
  json: false,
  metadata: EMPTY,
  data: EMPTY,
});
