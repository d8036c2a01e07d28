/** Lets the writers of one stream inside this process go one after the other, so that they do not race themselves. */
export class StreamQueue {
  /** Those who wait, for each stream that somebody is at. */
  private readonly waiting = new Map<string, (() => void)[]>();

  /** Resolves when it is the caller's turn; undefined where nobody is before them. Who has entered must leave. */
  enter(stream: string): Promise<void> | undefined {
    const line = this.waiting.get(stream);
    if (line) return new Promise((resolve) => line.push(resolve));
    this.waiting.set(stream, []);
    return undefined;
  }

  /** How many streams somebody is at: none of the others takes memory. */
  get streams(): number {
    return this.waiting.size;
  }

  leave(stream: string): void {
    const next = this.waiting.get(stream)?.shift();
    if (next) next();
    else this.waiting.delete(stream);
  }
}
