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
  private readonly known = new Map<string, KnownId>();

  find(id: string, stream: string): KnownId | undefined {
    const known = this.known.get(id);
    return known?.stream === stream ? known : undefined;
  }

  add(id: string, { stream, revision, position }: KnownId): void {
    if (this.known.has(id)) return;
    // Nothing else of an event is kept here: its bytes would fill the memory.
    this.known.set(id, { stream, revision, position });
    if (this.known.size <= REMEMBERED) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }

  remove(id: string, stream: string): void {
    if (this.find(id, stream)) this.known.delete(id);
  }
}
