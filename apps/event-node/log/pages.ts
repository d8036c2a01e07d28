import type { Frames } from './frames.js';

/** Events read at once. */
export interface Page {
  readonly frames: Frames;
  /** Where the next page begins. */
  readonly next: bigint;
}

/** Pages one after the other. While one is sent, the next is being read. */
export async function* pagesAhead(
  first: bigint,
  goesOn: (from: bigint) => boolean,
  read: (from: bigint) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  const begin = (from: bigint): Promise<Page> | undefined => (goesOn(from) ? unattended(read(from)) : undefined);
  for (let coming = begin(first); coming;) {
    const page = await coming;
    coming = begin(page.next);
    yield page;
  }
}

/** A promise nobody may come to await: what fails is told to whoever does. */
function unattended<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
