/** Work on the same thing is done one after another, in the order it was given; everything else side by side. */
export class Lanes {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** Waits for earlier work on any of these things, then does this. */
  async run<T>(things: ReadonlySet<string>, work: () => Promise<T>): Promise<T> {
    const before = [...things].map((thing) => this.tails.get(thing)).filter((tail) => tail !== undefined);
    const result = before.length === 0 ? work() : Promise.all(before).then(work);
    const tail = result.catch(() => undefined);
    for (const thing of things) this.tails.set(thing, tail);
    try {
      return await result;
    } finally {
      for (const thing of things) if (this.tails.get(thing) === tail) this.tails.delete(thing);
    }
  }
}
