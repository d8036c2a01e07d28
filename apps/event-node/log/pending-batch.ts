import { randomUUID } from 'node:crypto';
import { encodeEventFrame } from '../protocol/event-frame.js';
import type { AppendOutcome, Done, ProposedEvent } from './append-request.js';
import type { Head } from './head.js';
import type { LogEvent } from './log-event.js';
import { recordSize } from './record-size.js';

const TICKS_PER_MILLISECOND = 10_000n;

/** So many appends of no events may follow upon a record with nothing on disk to show it: a start skips their positions. */
export const RESTART_GAP = 1024n;

/** With more of them, positions are set aside on disk, so many at a time. */
const SET_ASIDE = 1_000_000n;

/** The positions the log gives out: only ever higher ones, used or not. */
export class Positions {
  /** Given out since the last record. After a start the gap before it is used up: a second start would begin there too. */
  private untold = RESTART_GAP;
  private horizon = 0n;

  /** `setAside` keeps on disk that all positions below one may have been given out. */
  constructor(
    private next: bigint,
    private readonly setAside: (below: bigint) => Promise<void>,
  ) {}

  /** Where the next record will begin. */
  get end(): bigint {
    return this.next;
  }

  take(size: number): bigint {
    this.untold = 0n;
    return this.advance(size);
  }

  /** For an append that writes nothing; to be asked for after `makeRoom`. */
  takeUntold(): bigint {
    this.untold++;
    return this.advance(1);
  }

  /** Before a position is given to an append that writes nothing. */
  async makeRoom(): Promise<void> {
    if (this.untold < RESTART_GAP || this.next < this.horizon) return;
    const below = this.next + SET_ASIDE;
    await this.setAside(below);
    this.horizon = below;
  }

  private advance(size: number): bigint {
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
    return this.positions.takeUntold();
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
