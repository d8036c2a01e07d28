import { LRUCache } from 'lru-cache';
import type { Frames } from './frames.js';

const MOST_BYTES = 32 * 1024 * 1024;
const OVERHEAD = 256;

/**
 * Blocks of the log that were read last. A block is kept when all its positions have been given out and committed, so
 * that it never changes: there is nothing to keep in step with the disk.
 */
export class BlockMemory {
  private readonly blocks: LRUCache<bigint, Frames>;
  private readonly loading = new Map<bigint, Promise<Frames>>();

  constructor(
    private readonly load: (number: bigint) => Promise<Frames>,
    mostBytes = MOST_BYTES,
  ) {
    this.blocks = new LRUCache({
      maxSize: mostBytes,
      sizeCalculation: ({ bytes }) => bytes.buffer.byteLength + OVERHEAD,
    });
  }

  has(number: bigint): boolean {
    return this.blocks.has(number);
  }

  /** Readers that want a block at the same time share what is read. */
  get(number: bigint): Frames | Promise<Frames> {
    return this.blocks.get(number) ?? this.loading.get(number) ?? this.begin(number);
  }

  private begin(number: bigint): Promise<Frames> {
    const coming = this.load(number)
      .then((frames) => {
        this.blocks.set(number, frames);
        return frames;
      })
      .finally(() => this.loading.delete(number));
    this.loading.set(number, coming);
    return coming;
  }
}
