import type { LookingUp } from '#event-store';

/** More levels than any organisation has; where more seem to stand, the tree is broken and the walk ends. */
const MOST_LEVELS = 50;

/** Everybody from `first` upwards, nearest first. Ends where nobody stands above, or where a circle would begin. */
export function* upwards<State>(
  first: string | undefined,
  read: (id: string) => LookingUp<State>,
  above: (state: State) => string | undefined,
): LookingUp<readonly string[]> {
  const path: string[] = [];
  for (let id = first; id !== undefined && !path.includes(id) && path.length < MOST_LEVELS; id = above(yield* read(id)))
    path.push(id);
  return path;
}
