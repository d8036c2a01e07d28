/** Lets the writers of one stream inside this process go one after the other, so that they do not race themselves. */
export class StreamQueue {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** The work begins at once where nobody is before it. */
  run<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const mine = this.tails.get(stream)?.then(work, work) ?? work();
    this.tails.set(stream, mine);
    const leave = () => {
      if (this.tails.get(stream) === mine) this.tails.delete(stream);
    };
    mine.then(leave, leave);
    return mine;
  }
}
