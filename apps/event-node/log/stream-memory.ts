import { LRUCache } from 'lru-cache';
import { Frames } from './frames.js';
import { GrowingBytes } from './growing-bytes.js';

const MOST_BYTES = 80 * 1024 * 1024;
const LARGEST_STREAM = 128 * 1024;
const OVERHEAD = 512;

/** Consecutive events of a stream. */
interface Run {
  readonly first: bigint;
  next: bigint;
  readonly frames: GrowingBytes;
}

/**
 * Short streams that were read last, with what has been written to them since. Revisions leave no gap and what stands
 * at one never changes, so that a run which ends where the stream does is all there is from its first event on:
 * whatever else is forgotten, or comes late, a run is at worst of no use.
 */
export class StreamMemory {
  private readonly runs: LRUCache<string, Run>;

  constructor(mostBytes = MOST_BYTES) {
    this.runs = new LRUCache({ maxSize: mostBytes, sizeCalculation: ({ frames }) => frames.capacity + OVERHEAD });
  }

  /** The events from a revision to the last one of the stream, if they are all here. */
  find(stream: string, from: bigint, last: bigint): Frames | undefined {
    const run = this.runs.get(stream);
    if (run?.next !== last + 1n || run.first > from) return undefined;
    return new Frames(run.frames.bytes).slice(Number(from - run.first));
  }

  /** An event that was committed. Streams nobody reads are not worth their memory: that cost an append 5 µs. */
  append(stream: string, revision: bigint, frame: Buffer): void {
    const run = this.runs.get(stream);
    if (run?.next === revision) this.extend(stream, run, frame, 1);
  }

  /** Events that were read. */
  add(stream: string, first: bigint, { bytes, count }: Frames): void {
    const run = this.runs.get(stream);
    if (run?.next === first) this.extend(stream, run, bytes, count);
    else this.begin(stream, first, bytes, count);
  }

  /**
   * Events as they are found in the log, a stream's one after the other. Only a stream that begins with them is kept,
   * and what a reader has brought meanwhile stays. False when they were not kept.
   */
  recollect(stream: string, first: bigint, events: readonly Buffer[]): boolean {
    const run = this.runs.get(stream);
    if (run ? run.next !== first : first !== 0n) return false;
    this.add(stream, first, Frames.of(events));
    return true;
  }

  private begin(stream: string, first: bigint, bytes: Buffer, count: number): void {
    if (count === 0 || bytes.length > LARGEST_STREAM) return;
    const frames = new GrowingBytes(bytes.length);
    frames.add(bytes);
    this.runs.set(stream, { first, next: first + BigInt(count), frames });
  }

  private extend(stream: string, run: Run, bytes: Buffer, count: number): void {
    const { frames } = run;
    const { capacity } = frames;
    if (frames.length + bytes.length > LARGEST_STREAM) {
      this.runs.delete(stream);
      return;
    }
    frames.add(bytes);
    run.next += BigInt(count);
    if (frames.capacity === capacity) return;
    // Its size is counted when it is set.
    this.runs.delete(stream);
    this.runs.set(stream, run);
  }
}
