/** More levels than any organisation has; where more seem to stand, the tree is broken and the walk ends. */
const MOST_LEVELS = 50;

/** Everybody from `first` upwards, nearest first. Ends where nobody stands above, or where a circle would begin. */
export async function upwards(
  first: string | undefined,
  above: (id: string) => Promise<string | undefined>,
): Promise<readonly string[]> {
  const path = new Set<string>();
  for (let id = first; id !== undefined && !path.has(id) && path.size < MOST_LEVELS; id = await above(id)) path.add(id);
  return [...path];
}
