import { LRUCache } from 'lru-cache';

/** Where an event id was written first. */
export interface KnownId {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
}

const REMEMBERED = 100_000;

/**
 * The ids of the last events appended, each with the first stream that used it. It decides repeats under ANY and
 * STREAM_EXISTS, and like that of the server the node stands for it is gone after a restart.
 */
export class IdMemory {
  /** Only peeked at, so that the id that came first is forgotten first. A Map finds its oldest key ever more slowly. */
  private readonly known = new LRUCache<string, KnownId>({ max: REMEMBERED });

  find(id: string, stream: string): KnownId | undefined {
    const known = this.known.peek(id);
    return known?.stream === stream ? known : undefined;
  }

  add(id: string, { stream, revision, position }: KnownId): void {
    // Nothing else of an event is kept here: its bytes would fill the memory.
    if (!this.known.has(id)) this.known.set(id, { stream, revision, position });
  }

  remove(id: string, stream: string): void {
    if (this.find(id, stream)) this.known.delete(id);
  }
}
