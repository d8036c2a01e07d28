/** What a source brings, taken in chunks: whatever has come while the last chunk was worked on, up to `most` ahead, or to the item with which it is full. */
export async function* chunks<T>(
  source: AsyncIterable<T>,
  most: number,
  isFull: (first: T, item: T) => boolean = () => false,
): AsyncIterable<readonly T[]> {
  const ahead = new ReadAhead(source, most, isFull);
  try {
    for (let chunk = await ahead.take(); chunk.length > 0; chunk = await ahead.take()) yield chunk;
  } finally {
    await ahead.stop();
  }
}

class ReadAhead<T> {
  private readonly iterator: AsyncIterator<T>;
  private waiting: T[] = [];
  private ended = false;
  private failure: { readonly error: unknown } | undefined;
  private arrived = () => {};
  private taken = () => {};

  constructor(
    source: AsyncIterable<T>,
    private readonly most: number,
    private readonly isFull: (first: T, item: T) => boolean,
  ) {
    this.iterator = source[Symbol.asyncIterator]();
    void this.pump();
  }

  /** What has come since the last time; nothing once the source has ended. @throws what the source threw */
  async take(): Promise<readonly T[]> {
    while (this.waiting.length === 0 && !this.ended) await new Promise<void>((resolve) => (this.arrived = resolve));
    if (this.waiting.length === 0 && this.failure) throw this.failure.error;
    const chunk = this.waiting;
    this.waiting = [];
    this.taken();
    return chunk;
  }

  async stop(): Promise<void> {
    this.ended = true;
    this.taken();
    await this.iterator.return?.();
  }

  private async pump(): Promise<void> {
    try {
      for (let next = await this.iterator.next(); !next.done && !this.ended; next = await this.iterator.next()) {
        this.waiting.push(next.value);
        this.arrived();
        if (this.waiting.length >= this.most || this.isFull(this.waiting[0] ?? next.value, next.value))
          await new Promise<void>((resolve) => (this.taken = resolve));
      }
    } catch (error) {
      this.failure = { error };
    }
    this.ended = true;
    this.arrived();
  }
}
