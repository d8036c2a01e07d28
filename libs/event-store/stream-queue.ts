/** Lets the writers of one stream inside this process go one after the other, so that they do not race themselves. */
export class StreamQueue {
  private readonly tails = new Map<string, Promise<unknown>>();

  async run<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(stream) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.tails.set(stream, mine);
    try {
      return await mine;
    } finally {
      if (this.tails.get(stream) === mine) this.tails.delete(stream);
    }
  }
}
